#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/labels.h"
#include "engine/output/summary_csv.h"
#include "engine/output/summary_json.h"
#include "engine/output/summary_text.h"
#include "engine/output/table_builders.h"
#include "engine/output/text_table.h"
#include "tests/engine/example_results.h"

using namespace ballast;
namespace ex = ballast::example;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

bool has_line(const std::string& text, const std::string& line) {
  INFO(text);
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("labels follow the numbers without rounding noise") {
  CHECK(quantile_label(0.05) == "q05");
  CHECK(quantile_label(0.5) == "q50");
  CHECK(quantile_label(0.07) == "q07");
  CHECK(quantile_label(0.995) == "q99.5");
  CHECK(quantile_label(0.005) == "q00.5");
  CHECK(tail_label(0.95) == "5%");
  CHECK(tail_label(0.99) == "1%");
  CHECK(tail_label(0.995) == "0.5%");
  CHECK(csv_field("a,\"b\"") == "\"a,\"\"b\"\"\"");
  CHECK(csv_number(0.1) == "0.1");
  CHECK(std::stod(csv_number(1.0 / 3)) == 1.0 / 3);
  CHECK(csv_number(std::nan("")).empty());
  CHECK(money(-1234567.891) == "-1,234,567.89");
  CHECK(money(-123.4) == "-123.40");
  CHECK(money(999.999) == "1,000.00");
  CHECK(count(1000) == "1,000");
  CHECK(count(999) == "999");
}

TEST_CASE("summary.json has the contract's keys, and numbers to the last bit") {
  Results r = ex::full_results();
  Json all = Json::parse(summary_json(r));
  CHECK(keys(all) == std::vector<std::string>{"study",
                                              "liability",
                                              "liabilities",
                                              "balance",
                                              "portfolio",
                                              "current",
                                              "risk",
                                              "contributions",
                                              "optimizer",
                                              "fresh_scenarios",
                                              "projection",
                                              "projection_current",
                                              "rates",
                                              "market_levels",
                                              "liability_measures",
                                              "frontier",
                                              "policy",
                                              "assets",
                                              "stress",
                                              "capital",
                                              "stress_grids",
                                              "reverse_stress",
                                              "views",
                                              "validation",
                                              "history_years",
                                              "notes",
                                              "run"});
  CHECK(all["study"]["seed"].get<std::uint64_t>() == r.seed);
  CHECK(all["study"]["format_version"] == "1");
  CHECK(keys(all["liability"]) == std::vector<std::string>{"name", "pv", "macaulay_duration", "modified_duration",
                                                           "convexity", "effective_duration", "dv01",
                                                           "inflation_duration", "compounding", "key_rate_durations",
                                                           "instrument_sensitivities"});
  CHECK(all["liability"]["key_rate_durations"] == Json({{"1", 0.25}, {"5", 2.0}, {"30", 10.0}}));
  CHECK(all["liabilities"][1]["name"] == "annuities");
  CHECK(all["balance"]["dv01_gap"].is_null());
  CHECK(all["balance"]["duration_gap"] == 5.0);
  CHECK(all["portfolio"]["weights"] == Json({{"equity", 0.25}, {"bonds (€)", 0.75}}));
  CHECK(all["portfolio"]["standard_error"]["cvar"] == 1e-3);
  CHECK(all["current"]["cvar"] == 0.14);
  CHECK(all["optimizer"]["value"].get<double>() == 0.1 / 3);
  CHECK(all["optimizer"]["lower_bound"].get<double>() == 0.1 / 3 - 1e-9);
  CHECK(all["optimizer"]["seconds"] == 0.0625);
  CHECK(all["fresh_scenarios"]["optimism"].get<double>() == 0.034 - 0.1 / 3);
  const Json& last = all["projection"][2];
  CHECK(last["liability_pv"] == 2.7e6);
  CHECK(last["liability_duration"] == 10.5);
  CHECK(keys(last["surplus"]) == std::vector<std::string>{"mean", "standard_error", "q05", "q50", "q95"});
  CHECK(last["funding_ratio"]["mean"].is_null());  // NaN
  CHECK(last["surplus"]["q05"] == 99999.0);
  CHECK(last["shortfall_probability"] == 0.4);
  CHECK(all["stress"].is_array());
  CHECK(all["run"]["threads"] == 2);
  CHECK(summary_json(r).find("nan") == std::string::npos);
}

TEST_CASE("what a study does not have is null, and what varies between runs is left out of the file's copy") {
  Results r = ex::returns_results();
  Json all = Json::parse(summary_json(r));
  for (const char* key : {"liability", "balance", "current", "history_years"}) CHECK(all[key].is_null());
  CHECK(all["optimizer"]["lower_bound"].is_null());
  CHECK(all["projection"].empty());
  Results other = r;
  other.seconds = 77;
  other.threads = 3;
  other.optimizer->seconds = 76;
  CHECK(reproducible_summary_json(r) == reproducible_summary_json(other));
  CHECK(summary_json(r) != summary_json(other));
  r.asset_names[0] = "Z\xfcrich";                                                             // Latin-1
  CHECK(Json::parse(summary_json(r)).dump().find("Z\xEF\xBF\xBDrich") != std::string::npos);  // U+FFFD stands for it
}

TEST_CASE("the CSV files hold the same numbers") {
  Results r = ex::full_results();
  std::string summary = summary_csv(r);
  CHECK(summary.rfind("metric,value,standard_error,unit\n", 0) == 0);
  CHECK(has_line(summary, "liability.pv,2895082.73,,currency of the cash flows"));
  CHECK(has_line(summary, "liability.pensions.key_rate_duration.5,2,,years"));
  CHECK(has_line(summary, "portfolio.weight.bonds (€),0.75,,1"));
  CHECK(has_line(summary, "current.cvar,0.14,0.001,1"));
  CHECK(has_line(summary, "balance.dv01_gap,,,currency of the cash flows"));
  CHECK(has_line(summary, "risk.surplus.optimal.1y.0.95.evaluate.var,0.07,0.0009,fraction of initial assets"));
  r.asset_names[0] = "equity, world";
  CHECK(weights_csv(r) == "asset,weight_optimal,weight_current\n\"equity, world\",0.25,0.5\nbonds (€),0.75,0.5\n");
  r.current.reset();
  CHECK(has_line(weights_csv(r), "bonds (€),0.75,"));
  std::string distributions = distributions_csv(r);
  CHECK(distributions.rfind("quantity,time,statistic,value\n", 0) == 0);
  CHECK(has_line(distributions, "liability_pv,1,q05,2799999"));
  CHECK(has_line(distributions, "current.assets,2,mean,3100000"));
  CHECK(has_line(distributions, "funding_ratio,2,q50,"));
  CHECK(has_line(distributions, "shortfall_probability,0,standard_error,0.003"));
  CHECK(has_line(distributions, "ten_year_rate,0,mean,0.03"));
  CHECK(has_line(distributions, "short_rate,0,negative_share,0.05"));
  CHECK(has_line(distributions, "policy.shortfall_probability,0,standard_error,0.003"));
  // The same rows as the table's, but for the share of negative rates, which has no standard error here.
  const std::size_t lines = std::size_t(std::count(distributions.begin(), distributions.end(), '\n'));
  CHECK(lines == 1 + distribution_table(r).rows() - r.rates.size());
  CHECK(stress_csv(r).rfind("name,portfolio,", 0) == 0);
  CHECK(frontier_csv(r).find("weight\n0,") != std::string::npos);  // points count from 0, as in results.h5
}

TEST_CASE("the printed summary keeps its shape: losses are negative returns, with standard errors") {
  Results r = ex::full_results();
  std::string text = summary_text(r, "out/example");
  INFO(text);
  CHECK(has_line(text, "Liability PV                      2,895,082.73"));
  CHECK(has_line(text, "Liability Duration                 12.50 years"));
  CHECK(has_line(text, "Optimal Asset Weights                  optimal               current"));
  CHECK(has_line(text, "  bonds (€)                             75.00%                50.00%"));
  CHECK(has_line(text, "Over 1 year                            optimal               current"));
  CHECK(has_line(text, "Portfolio Volatility            6.20% +- 0.02%        9.20% +- 0.02%"));
  CHECK(has_line(text, "Sharpe Ratio                    0.330 +- 0.004        0.310 +- 0.004"));
  CHECK(has_line(text, "5% VaR                         -6.10% +- 0.09%      -10.00% +- 0.09%"));
  CHECK(has_line(text, "5% CVaR                        -8.50% +- 0.10%      -14.00% +- 0.10%"));
  CHECK(has_line(text, "Funding Ratio                          105.00%"));
  CHECK(text.find("below 0 a surplus is left\n  (today -4.76%)\n") != std::string::npos);
  CHECK(has_line(text, "           1       50.0%      150.0%      250.0%           30.0% +- 0.3%"));
  CHECK(text.find("65.5 years of history, about 3.3 of them in the 5% tail") != std::string::npos);
  CHECK(text.find("Results are in out/example\n") != std::string::npos);
  // With a worst case the fresh scenarios continue one set, which the value need not be of.
  CHECK(text.find("  Own Set, Fresh") != std::string::npos);
  CHECK(has_line(text, "    own                   0.033333 +- 0.000400"));
  r.optimizer->worst_case[1].name = "irrbb_2024/EUR parallel_down";
  CHECK(has_line(summary_text(r), "    own                             0.033333 +- 0.000400"));
  CHECK(has_line(summary_text(r), "    irrbb_2024/EUR parallel_down    0.030000 +- 0.000300"));
  r.optimizer->worst_case.clear();
  CHECK(summary_text(r).find("Own Set, Fresh") == std::string::npos);
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    CHECK(end - start <= 102);  // bytes; a name holds the euro sign
  }
  r.confidence = 0.99;
  CHECK(summary_text(r).find("\n1% CVaR  ") != std::string::npos);
}

TEST_CASE("the printed summary of a study of returns alone leaves out what it does not have") {
  std::string text = summary_text(ex::returns_results());
  INFO(text);
  CHECK(text.find("Liability") == std::string::npos);
  CHECK(text.find("Projection") == std::string::npos);
  CHECK(text.find("\n1% VaR ") != std::string::npos);
  CHECK(text.find("no lower bound is known") != std::string::npos);
}

TEST_CASE("the projection shows the 5% and 95% quantiles however many there are, and NaN as n/a") {
  Results r = ex::full_results();
  r.quantile_levels = {0.005, 0.05, 0.25, 0.5, 0.95, 0.995};
  for (ProjectionRow& row : r.projection) row.funding_ratio.quantiles = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  r.projection.back().funding_ratio.quantiles.assign(6, std::nan(""));
  r.portfolio->sharpe = {std::nan(""), std::nan("")};
  r.liability->convexity = std::nan("");
  std::string text = summary_text(r);
  INFO(text);
  CHECK(has_line(text, "Time (years)         q05      median         q95   Shortfall Probability"));
  CHECK(has_line(text, "           1       20.0%       40.0%       50.0%           30.0% +- 0.3%"));
  CHECK(has_line(text, "           2         n/a         n/a         n/a           40.0% +- 0.3%"));
  CHECK(has_line(text, "Sharpe Ratio                               n/a        0.310 +- 0.004"));
  CHECK(text.find("nan") == std::string::npos);
}

TEST_CASE("without liabilities the assets are projected, and nothing falls short") {
  Results r = ex::full_results();
  r.liability.reset();
  r.projection[0].assets.mean.value = 200;
  r.quantile_levels = {0.05, 0.5, 0.95};
  for (ProjectionRow& row : r.projection) {
    row.funding_ratio.quantiles.assign(3, std::nan(""));
    row.assets.quantiles = {150, 220, 300};
  }
  const std::string text = summary_text(r);
  INFO(text);
  CHECK(has_line(text, "Assets Projection (optimal weights; 100%: the assets now)"));
  CHECK(has_line(text, "Time (years)         q05      median         q95"));
  CHECK(has_line(text, "           1       75.0%      110.0%      150.0%"));
  CHECK(text.find("Shortfall Probability") == std::string::npos);
}

TEST_CASE("changes of surplus are written out, and rounding is 0; long projections are shown at equal steps") {
  Results r = ex::full_results();
  r.balance->assets = 1e9;
  r.stress.clear();
  for (double change : {134906781.4, -2.5, 1e-7, std::nan("")}) {
    StressRow row;
    row.name = "stress " + std::to_string(r.stress.size());
    row.portfolio = "optimal";
    row.assets = 1e9 + change;
    row.liability_pv = 1e9;
    row.change_assets = row.change_surplus = change;
    row.funding_ratio = 1.0;
    r.stress.push_back(row);
  }
  std::string text = summary_text(r);
  INFO(text);
  for (const char* line :
       {"stress 0                                    +13.5%         +0.0%       +134,906,781         100.0%",
        "stress 1                                     -0.0%         +0.0%              -2.50         100.0%",
        "stress 2                                     +0.0%         +0.0%                  0         100.0%",
        "stress 3                                         -         +0.0%                n/a         100.0%"}) {
    CHECK(text.find(std::string("  ") + line + "\n") != std::string::npos);
  }

  r.projection.assign(13, r.projection.at(0));
  r.rates.clear();
  for (std::size_t t = 0; t < 13; ++t) r.projection[t].time = double(t);
  text = summary_text(r);
  const std::size_t begin = text.find("Time (years)"), end = text.find("\n\n", begin);
  std::string times;
  for (std::size_t at = text.find('\n', begin); at < end; at = text.find('\n', at + 1)) {
    times += std::to_string(std::stoi(text.substr(at + 1, 12))) + " ";
  }
  CHECK(times == "0 2 4 6 8 10 12 ");
}

TEST_CASE("the printed summary says what supervisors' stresses come to, where rates go, and how far views reach") {
  Results r = ex::full_results();
  r.capital = {{"irrbb_2024/EUR", "optimal", "largest", {"parallel_up", "steepener"}, {2e6, 5e6}, 5e6, 2e7},
               {"irrbb_2024/EUR", "current", "largest", {"parallel_up"}, {9e6}, 9e6, 2e7},
               {"solvency2_2015", "optimal", "correlated", {}, {}, 1e7, 1.5e7}};
  r.risk_horizon_years = 1;
  r.times = {0, 1, 2};
  r.views = {{"evaluate", "mean of equity", "=", 0.04, 1.0, 0.08, 0.04}};
  r.view_sets = {{"evaluate", 1000, 900, 800, 0.1, 1e-9}};
  const std::string text = summary_text(r);
  INFO(text);
  std::string joined = text;  // of lines that are broken
  std::replace(joined.begin(), joined.end(), '\n', ' ');
  CHECK(has_line(text, "  irrbb_2024/EUR: largest decline 5,000,000 (steepener), 25.0% of the surplus"));
  CHECK(has_line(text, "  solvency2_2015: capital for market risk 10,000,000, the surplus is 150.0% of it"));
  CHECK(text.find("9,000,000") == std::string::npos);
  CHECK(text.find("zero rates, now and in the mean after 2 years: ten years 3.00% and 3.00%") != std::string::npos);
  CHECK(joined.find("what comes after it goes on as in the model") != std::string::npos);
  CHECK(joined.find("CVaR of liabilities less assets at its end") != std::string::npos);
}

TEST_CASE("own scenarios are not called fresh, and their risk is that of the set optimised on") {
  Results r = ex::full_results();
  r.own_scenarios = true;
  r.policy.reset();
  for (RiskRow& row : r.risk) row.sample = "optimise";
  std::string text = summary_text(r);
  INFO(text);
  CHECK(text.find("2,500 own scenarios; seed") != std::string::npos);
  CHECK(text.find("resh") == std::string::npos);
  CHECK(text.find("Surplus at Risk") != std::string::npos);
  CHECK(text.find("Optimism") == std::string::npos);
  CHECK(Json::parse(summary_json(r))["fresh_scenarios"].is_null());
  CHECK(summary_csv(r).find("fresh_scenarios") == std::string::npos);
}
