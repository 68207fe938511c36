#include "engine/liabilities/cash_flows.h"

#include <cmath>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "engine/liabilities/liability_structure.h"
#include "engine/liabilities/valuation.h"
#include "scenarios/base/error.h"
#include "tests/folders.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::optional<Date> kYearEnd = parse_date("2023-12-31");

CashFlows read(const std::string& csv, std::optional<Date> valuation = kYearEnd, double spread = 0.0) {
  InputFiles files = InputFiles::embedded({{"flows.csv", csv}});
  return read_cash_flows({{"flows.csv"}}, {"pensions", spread, valuation, files, "liabilities[0].cashflows", {}, {}});
}

std::vector<Problem> problems_of(const std::string& csv, std::optional<Date> valuation = kYearEnd) {
  try {
    read(csv, valuation);
  } catch (const InputError& error) {
    return error.problems();
  }
  FAIL("accepted");
  return {};
}

YieldCurve flat_annual(double rate) { return YieldCurve({1.0}, {std::log1p(rate)}); }

}  // namespace

TEST_CASE("dates count ACT/365F from the valuation date; headers ignore case") {
  for (const char* header : {"Date,Cashflow", "date,amount", "DATE,CASHFLOW", ",Amount"}) {
    CAPTURE(header);
    CashFlows flows = read(std::string(header) + "\n2024-01-31,10\n2024-12-31,20.5\n", kYearEnd, 0.01);
    CHECK(flows.name == "pensions");
    CHECK(flows.spread == 0.01);
    REQUIRE(flows.times.size() == 2);
    CHECK(flows.times[0] == 31.0 / 365.0);
    CHECK(flows.times[1] == 366.0 / 365.0);
    CHECK(flows.amounts[1] == 20.5);
  }
}

TEST_CASE("times in years need no valuation date; flows at the same time are added") {
  CashFlows flows = read("time_years,amount\n0.5,10\n1,20\n1,5\n1.0000000000001,2\n", std::nullopt);
  REQUIRE(flows.times.size() == 2);
  CHECK(flows.times[1] == 1.0);
  CHECK(flows.amounts[1] == 27.0);
}

TEST_CASE("dates without a valuation date are refused: never today") {
  auto problems = problems_of("Date,Cashflow\n2024-01-31,10\n", std::nullopt);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].key_path == "liabilities[0].cashflows");
}

TEST_CASE("a flow at or before the valuation date is an error with its line, unless it is 0") {
  auto problems = problems_of("Date,Cashflow\n2023-06-30,0\n2023-12-30,5\n2023-12-31,6\n2024-01-31,10\n");
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == "flows.csv");
  CHECK(problems[0].line == 3);
  CHECK(problems[1].line == 4);
  CHECK(problems_of("time_years,amount\n0,5\n1,6\n")[0].line == 2);
  CHECK(read("time_years,amount\n0,0\n1,6\n").times.size() == 1);
}

TEST_CASE("unsorted and duplicate dates, unsorted times, missing columns and values are errors") {
  CHECK(problems_of("Date,Cashflow\n2024-02-29,1\n2024-01-31,2\n")[0].line == 3);
  CHECK(problems_of("Date,Cashflow\n2024-01-31,1\n2024-01-31,2\n")[0].line == 3);
  CHECK(problems_of("time_years,amount\n2,1\n1,2\n")[0].line == 3);
  CHECK(problems_of("time_years,amount\n1,\n2,2\n")[0].line == 2);
  CHECK(problems_of("time_years,amount\nnan,1\n2,2\n")[0].line == 2);
  CHECK(problems_of("time_years,sum\n1,1\n")[0].message.find("amount") != std::string::npos);
  CHECK(problems_of("time_years,date,amount\n1,2026-12-31,1\n")[0].message.find("which of them") != std::string::npos);
  CHECK(problems_of("1,5\n2,6\n")[0].message.find("the first line reads '1,5'") != std::string::npos);
  CHECK_FALSE(problems_of("time_years,amount,cashflow\n1,1,1\n").empty());
}

TEST_CASE("amounts that are all 0 are a liability of PV 0") {
  CashFlows flows = read("time_years,amount\n1,0\n2,0\n");
  CHECK(measure(flows, flat_annual(0.05), Compounding::annual, {}).pv == 0.0);
}

TEST_CASE("the toy's flows at a flat 5%") {
  std::filesystem::path toy = std::filesystem::path(shared_folder()) / "data" / "seed_toy";
  if (!std::filesystem::exists(toy)) {
    MESSAGE("left out: needs ../shared/data/seed_toy");
    return;
  }
  InputFiles files(toy.string());
  CashFlows dated =
      read_cash_flows({{"liability_cashflows.csv"}}, {"toy", 0.0, kYearEnd, files, "liabilities[0].cashflows", {}, {}});
  REQUIRE(dated.times.size() == 24);
  LiabilityMeasures m = measure(dated, flat_annual(0.05), Compounding::annual, {});
  CHECK(std::abs(m.pv - 2895082.73) < 0.005);
  CHECK(std::abs(m.macaulay_duration - 1.0842) < 5e-5);

  CashFlows yearly = dated, monthly = dated;
  for (int k = 0; k < 24; ++k) {
    yearly.times[std::size_t(k)] = k + 1;
    monthly.times[std::size_t(k)] = (k + 1) / 12.0;
  }
  m = measure(yearly, flat_annual(0.05), Compounding::annual, {});
  CHECK(std::abs(m.pv - 1697217.72) < 0.005);
  CHECK(std::abs(m.macaulay_duration - 10.90) < 0.005);
  m = measure(monthly, flat_annual(0.05), Compounding::annual, {});
  CHECK(std::abs(m.pv - 2895169) < 0.5);
  CHECK(std::abs(m.macaulay_duration - 1.084) < 5e-4);
}
