#include "engine/report/report_page.h"

#include <functional>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/labels.h"
#include "engine/output/result_tables.h"
#include "engine/output/results_datasets.h"
#include "engine/report/base64.h"
#include "engine/report/export_tables.h"
#include "engine/report/html.h"
#include "engine/report/report_answer.h"
#include "engine/report/report_losses.h"
#include "engine/report/report_sample.h"
#include "engine/report/report_sections.h"
#include "scenarios/base/error.h"
#include "tests/engine/example_results.h"

using namespace ballast;
namespace ex = ballast::example;

TEST_CASE("base64 follows RFC 4648's test vectors") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("tables come back from a results file as they went in") {
  ex::Folder folder;
  Results results = ex::full_results();
  ex::write(folder / "r.h5", ex::full_layout(), results);
  std::vector<ResultTable> written = result_tables(results), read = read_tables(hdf5::File::open(folder / "r.h5"));
  REQUIRE(written.size() == read.size());
  for (std::size_t t = 0; t < read.size(); ++t) {
    CAPTURE(read[t].name);
    CHECK(read[t].name == written[t].name);
    CHECK(read[t].title == written[t].title);
    CHECK(read[t].units == written[t].units);
    REQUIRE(read[t].columns.size() == written[t].columns.size());
    for (std::size_t c = 0; c < read[t].columns.size(); ++c) {
      CHECK(read[t].columns[c].name == written[t].columns[c].name);
      if (auto* texts = std::get_if<std::vector<std::string>>(&written[t].columns[c].values)) {
        CHECK(read[t].texts(read[t].columns[c].name) == *texts);
      }
    }
  }
  CHECK(find_table(read, "risk")->numbers("cvar_standard_error") == std::vector<double>{1e-3, 1e-3});
  CHECK(find_table(read, "weights")->texts("asset")[1] == "bonds (€)");
  CHECK(find_table(read, "no such table") == nullptr);
}

TEST_CASE("a page needs its results file only, and shows names as text") {
  ex::Folder folder;
  ResultsLayout layout = ex::full_layout();
  Results results = ex::full_results();
  const std::string hostile = "</script><img src=x onerror=alert(1)>\"'&";
  results.study_name = hostile;
  results.asset_names[0] = layout.asset_names[0] = hostile;
  results.stress[2].name = results.stress[3].name = hostile;
  results.notes = {hostile};
  ex::write(folder / "r.h5", layout, results);
  std::string page = report_page_of(folder / "r.h5", "r.h5");
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;/script&gt;&lt;img") != std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("http-equiv=\"Content-Security-Policy\"") != std::string::npos);
  CHECK(page.size() < 2000000);
  // What is left of the element's end in the data is escaped, so that every script element is one of ours.
  std::size_t opened = 0, closed = 0;
  for (std::size_t at = 0; (at = page.find("<script", at)) != std::string::npos; ++at) ++opened;
  for (std::size_t at = 0; (at = page.find("</script", at)) != std::string::npos; ++at) ++closed;
  CHECK(opened == closed);
}

TEST_CASE("a page says how little history stands behind the tail") {
  ex::Folder folder;
  ex::write(folder / "r.h5", ex::full_layout(), ex::full_results());
  CHECK(report_page_of(folder / "r.h5", "r.h5").find("65.5 years of history, about 3.3 of them in the 5% tail") !=
        std::string::npos);
}

TEST_CASE("a page leaves out what the study lacks") {
  ex::Folder folder;
  ex::write(folder / "r.h5", ex::returns_layout(), ex::returns_results());
  std::string page = report_page_of(folder / "r.h5", "r.h5");
  CHECK(page.find("id=\"balance\"") == std::string::npos);
  CHECK(page.find("id=\"stress\"") == std::string::npos);
  CHECK(page.find("id=\"risk\"") != std::string::npos);
}

TEST_CASE("without scripts the tables hold every number, and nothing waits for a chart") {
  ex::Folder folder;
  ex::write(folder / "r.h5", ex::full_layout(), ex::full_results());
  ReportData data = read_report_data(folder / "r.h5", "r.h5");
  std::string tables;
  for (const ReportSection& section : report_sections(data, false)) tables += section.html;
  CHECK(tables.find("data-chart") == std::string::npos);
  CHECK(tables.find("<details>") == std::string::npos);
  for (const char* text :
       {"Funding ratio (optimal weights)", "Contributions to CVaR", "Weights of the policy", "Views",
        "How each asset reacts to rates", "The smallest move to a funding ratio", "10.70%", ">95%<"}) {
    CHECK_MESSAGE(tables.find(text) != std::string::npos, text);
  }
  // With them each chart has a figure, and its numbers a table.
  std::string figures;
  for (const ReportSection& section : report_sections(data, true)) figures += section.html;
  for (const char* chart : {"policy_weights", "views", "contributions", "cash_flows", "stress_funding", "curve_fan"}) {
    CHECK_MESSAGE(figures.find(std::string("data-chart=\"") + chart + "\"") != std::string::npos, chart);
  }
}

TEST_CASE("a page says how to look at the scenarios behind VaR") {
  ex::Folder folder;
  ex::write(folder / "r.h5", ex::full_layout(), ex::full_results());
  std::string page = report_page_of(folder / "r.h5", "r.h5");
  // The example's returns grow with the number of the scenario: the first loses most.
  CHECK(page.find("ballast replay r.h5 --scenario 0<") != std::string::npos);
}

TEST_CASE("the sliders' sample carries the engine's numbers on it") {
  StoredHorizon horizon;
  horizon.scenarios = horizon.of = 4;
  horizon.assets = 2;
  horizon.asset_return = {0.1, 0.0, -0.2, 0.0, 0.3, 0.0, -0.1, 0.0};
  horizon.liability = {0.9, 0.95, 1.0, 0.9};
  ResultTable weights{"weights",
                      "",
                      {{"portfolio", std::vector<std::string>{"current", "current"}},
                       {"asset", std::vector<std::string>{"a", "b"}},
                       {"weight", std::vector<double>{1.0, 0.0}}},
                      {"", "", "1"}};
  nlohmann::ordered_json losses = loss_distributions(horizon, {weights}, 0.75);
  // Losses of surplus are -0.2, 0.15, -0.3, 0.0: VaR is the last, the worst the second.
  CHECK(losses.at(0).at("of") == "surplus");
  CHECK(losses.at(0).at("replay").at("at_var") == 3);
  CHECK(losses.at(0).at("replay").at("worst") == 1);
  CHECK(losses.at(0).at("replay").at("worst_loss").get<double>() == doctest::Approx(0.15));
  nlohmann::ordered_json data = what_if_data(horizon, {"a", "b"}, {weights}, 0.75);
  const auto& check = data.at("checks").at(0);
  CHECK(check.at("weights") == nlohmann::ordered_json({1.0, 0.0}));
  // Losses of surplus are -0.2, 0.15, -0.3, 0.0: the worst quarter is the second scenario.
  CHECK(check.at("result").at("surplus_cvar").get<double>() == doctest::Approx(0.15));
  CHECK(check.at("result").at("surplus_var").get<double>() == doctest::Approx(0.0));
  CHECK(check.at("result").at("return_cvar").get<double>() == doctest::Approx(0.2));
  CHECK(check.at("result").at("expected_return").get<double>() == doctest::Approx(0.025));
  CHECK(check.at("result").at("shortfall_probability").get<double>() == doctest::Approx(0.25));
}

TEST_CASE("a histogram reaches from the least loss to the largest, but for one in two thousand at either end") {
  StoredHorizon horizon;
  horizon.scenarios = horizon.of = 10007;
  horizon.assets = 1;
  // Losses 0, 1, ..., 10006 (in ten thousandths) in an order that says nothing.
  for (std::size_t s = 0; s < horizon.scenarios; ++s) horizon.asset_return.push_back(-1e-4 * double(s * 4001 % 10007));
  ResultTable weights{"weights",
                      "",
                      {{"portfolio", std::vector<std::string>{"optimal"}},
                       {"asset", std::vector<std::string>{"a"}},
                       {"weight", std::vector<double>{1.0}}},
                      {"", "", "1"}};
  const auto losses = loss_distributions(horizon, {weights}, 0.95);
  const auto& drawn = losses.at(0).at("histogram");
  const auto shares = drawn.at("share").get<std::vector<double>>();
  CHECK(drawn.at("low").get<double>() == doctest::Approx(5e-4));
  CHECK(drawn.at("low").get<double>() + double(shares.size()) * drawn.at("width").get<double>() ==
        doctest::Approx(1.0001));
  for (double share : shares) CHECK(share == doctest::Approx(1.0 / double(shares.size())).epsilon(0.06));
}

TEST_CASE("where assets equal liabilities rounding decides nothing") {
  StoredHorizon horizon;
  horizon.scenarios = horizon.of = 5;
  horizon.assets = 1;
  horizon.asset_return = {0.1, 0.2, 0.3, 1.0 / 3.0, 0.123456789};
  for (double r : horizon.asset_return) horizon.liability.push_back(1 + r);
  horizon.liability[1] += 1e-4;
  ResultTable weights{"weights",
                      "",
                      {{"portfolio", std::vector<std::string>{"optimal"}},
                       {"asset", std::vector<std::string>{"a"}},
                       {"weight", std::vector<double>{1.0}}},
                      {"", "", "1"}};
  const nlohmann::ordered_json data = what_if_data(horizon, {"a"}, {weights}, 0.75);
  CHECK(data.at("checks").at(0).at("result").at("shortfall_probability").get<double>() == doctest::Approx(0.2));
  // Twice the most that a number of the sample is off, and no more than the engine's own tolerance.
  CHECK(data.at("tolerance").get<double>() == doctest::Approx(1e-9));
  CHECK(data.at("liability").at("bytes") == 4);
}

TEST_CASE("numbers of the page have a minus, and none before zeros") {
  CHECK(html::number(-0.1234, units::fraction) == "−12.34%");
  CHECK(html::number(-0.00001, units::fraction) == "0.00%");
  CHECK(html::number(-1234567.0, units::currency) == "−1,234,567");
  CHECK(html::percent(-1e-7, 3) == "0.000%");
  CHECK(html::percent(-1e-5, 3) == "−0.001%");
}

TEST_CASE("a page begins with what to hold, how bad it can get, and how sure that is") {
  ex::Folder folder;
  ex::write(folder / "r.h5", ex::full_layout(), ex::full_results());
  const std::string answer = answer_html(read_report_data(folder / "r.h5", "r.h5"));
  std::size_t at = 0;
  for (const char* text : {"In the worst 5% of scenarios", "with the optimal weights", "What to hold", "bonds (€)",
                           "How bad it can get", "(CVaR)", "±", "How sure that is", "Optimum:"}) {
    CAPTURE(text);
    const std::size_t found = answer.find(text, at);
    CHECK(found != std::string::npos);
    at = std::min(found, answer.size());
  }
  // The example has a worst case, whose value is not the study's own scenarios' alone.
  CHECK(answer.find("on the worst scenarios of the fit") != std::string::npos);
  CHECK(answer.find("fresh ones of the study&#39;s own") != std::string::npos);
}

TEST_CASE("tables of the page call scenario sets what readers call them") {
  ex::Folder folder;
  Results r = ex::full_results();
  RiskRow fit = r.risk[0];
  fit.sample = "optimise";
  r.risk.push_back(fit);
  ex::write(folder / "r.h5", ex::full_layout(), r);
  const std::string page = report_page_of(folder / "r.h5", "r.h5");
  CHECK(page.find("<td><span>fresh</span></td>") != std::string::npos);
  CHECK(page.find("<td><span>those the weights were fitted to</span></td>") != std::string::npos);
  CHECK(page.find("<span>evaluate</span>") == std::string::npos);
  CHECK(page.find("<span>optimise</span>") == std::string::npos);
}

TEST_CASE("a page or tables are never made of a file that is incomplete or of a newer format") {
  ex::Folder folder;
  for (const char* what : {"incomplete", "newer"}) {
    std::string path = folder / (std::string(what) + ".h5");
    {
      hdf5::File file = hdf5::File::create(path);
      file.set_attribute("format_version", what == std::string("newer") ? "2" : "1");
      file.set_attribute("complete", std::int64_t(what == std::string("newer")));
      file.close();
    }
    for (auto make : std::vector<std::function<void()>>{[&] { report_page_of(path, "r.h5"); },
                                                        [&] { export_csv(path, folder / "csv", true); },
                                                        [&] { export_xlsx(path, folder / "r.xlsx"); }}) {
      try {
        make();
        FAIL("was opened");
      } catch (const InputError& error) {
        CHECK(error.code() == ExitCode::bad_input);
        CHECK(std::string(error.what()).find(what == std::string("newer") ? "use a newer ballast" : "is incomplete") !=
              std::string::npos);
      }
    }
  }
  CHECK(folder.files() == 2);
}

TEST_CASE("fields that a spreadsheet would take for formulas are guarded, and read back") {
  for (const char* text : {"=1+1", "+a", "-2+3", "@x", "\tq"}) {
    CHECK(csv_field(text) == "'" + std::string(text));
    CHECK(without_guard(csv_field(text)) == text);
  }
  CHECK(csv_field("plain") == "plain");
  CHECK(csv_field("=a,b") == "\"'=a,b\"");
  CHECK(without_guard("'quoted'") == "'quoted'");
}
