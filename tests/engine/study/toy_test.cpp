#include <cmath>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

/// The toy's cash flows with their dates replaced by times (row k at k x step years).
std::string timed_flows(double step) {
  std::ifstream file(shared_folder() + "/data/seed_toy/liability_cashflows.csv");
  std::string line, text = "time_years,Cashflow\n";
  std::getline(file, line);
  for (int k = 1; std::getline(file, line); ++k) {
    std::ostringstream row;
    row.precision(17);
    row << k * step << line.substr(line.find(','));
    text += row.str() + "\n";
  }
  return text;
}

std::string toy_study(const std::string& cashflows, const std::string& market, const std::string& model) {
  return R"(
study: {name: toy, seed: 42, valuation_date: 2023-12-31}
scenarios: {count: 2000, horizon_years: 1, steps_per_year: 12, model: )" +
         model + R"(, curve_changes: {kind: none}}
market: {)" +
         market + R"(, curve: flat.csv}
assets: [{name: a, series: Equity_Return, return: total}, {name: b, series: Bond_Return, return: total}]
liabilities: [{name: toy, cashflows: )" +
         cashflows + R"(}]
balance: {funding_ratio: 1, current: {a: 0.5, b: 0.5}}
)";
}

}  // namespace

TEST_CASE("the toy's liability: what it printed, what its flows are worth at their dates") {
  if (!has_shared()) {
    MESSAGE("left out: the toy's files are not here");
    return;
  }
  TemporaryFolder folder;
  folder.write("flat.csv", "Maturity,Rate\n1,0.05\n30,0.05\n");
  folder.write("years.csv", timed_flows(1.0));
  folder.write("months.csv", timed_flows(1.0 / 12));
  std::string toy = shared_folder() + "/data/seed_toy/";
  // The toy's history is of 2024; its liability is valued at the end of 2023, and only the curve matters here.
  auto liability = [&](const std::string& cashflows) {
    std::string text = R"(
study: {name: toy, seed: 42, valuation_date: 2023-12-31}
scenarios: {count: 1000, horizon_years: 1, steps_per_year: 12, curve_changes: {kind: none}}
market: {curve: flat.csv}
assets: [{name: cash, cash: true}]
liabilities: [{name: toy, cashflows: )" +
                       cashflows + R"(}]
balance: {funding_ratio: 1, current: {cash: 1}}
)";
    return *run_text(text, folder.path(), folder.path("out")).liability;
  };
  LiabilityResult years = liability("years.csv"), months = liability("months.csv"),
                  dated = liability(toy + "liability_cashflows.csv");
  CHECK(years.pv == doctest::Approx(1697217.72).epsilon(3e-9));
  CHECK(years.macaulay_duration == doctest::Approx(10.90).epsilon(5e-4));
  CHECK(months.pv == doctest::Approx(2895169).epsilon(2e-7));
  CHECK(months.macaulay_duration == doctest::Approx(1.084).epsilon(5e-4));
  CHECK(dated.pv == doctest::Approx(2895082.73).epsilon(2e-9));
  CHECK(dated.macaulay_duration == doctest::Approx(1.0842).epsilon(5e-5));
}

TEST_CASE("the toy's 12 monthly rows are a history, by either model") {
  if (!has_shared()) {
    MESSAGE("left out: the toy's files are not here");
    return;
  }
  TemporaryFolder folder;
  folder.write("flat.csv", "Maturity,Rate\n1,0.05\n30,0.05\n");
  std::string toy = shared_folder() + "/data/seed_toy/";
  for (const char* model : {"block_bootstrap", "normal"}) {
    std::string text = toy_study("one.csv", "returns: " + toy + "market_returns_monthly.csv", model);
    folder.write("one.csv", "Date,Cashflow\n2026-12-31,100\n");
    Results results =
        run_text(text, folder.path(), folder.path("out"), {parse_override("study.valuation_date=2024-12-31")});
    REQUIRE(results.history_years);
    CHECK(*results.history_years == 1.0);
    CHECK(results.current->volatility.value > 0.01);
  }
}
