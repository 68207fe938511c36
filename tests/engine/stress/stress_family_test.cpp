#include "engine/stress/stress_family.h"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/engine/stress/stress_fixture.h"

using namespace ballast;
using namespace ballast::test;

TEST_CASE("Solvency II's capital is the root of the correlated losses") {
  StressPlan plan({standard("solvency2_2015")}, example_balance());
  auto rows = rows_of(plan, Portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}});
  auto loss = [&](const char* name) {
    return std::max(0.0, -row_of(rows, std::string("solvency2_2015 ") + name).change_surplus);
  };
  CHECK(loss("equity_type_1") == doctest::Approx(0.39 * 0.4 * 500));
  CHECK(loss("equity_type_2") == 0);
  double down = loss("interest_down"), equity = loss("equity_type_1");
  REQUIRE(down > loss("interest_up"));
  CHECK(-row_of(rows, "solvency2_2015 market_scr").change_surplus ==
        doctest::Approx(std::sqrt(down * down + equity * equity + down * equity)));
}

TEST_CASE("spread risk falls on what has a credit quality, by its duration") {
  StressedBalance balance = example_balance();
  balance.asset_parameters[1].credit_quality = CreditQuality::step_3;
  balance.asset_parameters[2].credit_quality = CreditQuality::step_0;
  StressPlan plan({standard("solvency2_2015")}, balance);
  auto rows = rows_of(plan, Portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}});
  const StressRow& spread = row_of(rows, "solvency2_2015 spread");
  auto duration = [&](std::size_t a) {
    return balance.exposures[a].measures(balance.market.curve, Compounding::annual, {}).modified_duration;
  };
  CHECK(duration(1) == doctest::Approx(6 / 1.025).epsilon(0.03));
  CHECK(spread.asset_shocks[1] == doctest::Approx(-(0.125 + 0.015 * (duration(1) - 5))));
  CHECK(spread.asset_shocks[2] == doctest::Approx(-(0.045 + 0.005 * (duration(2) - 5))));
  CHECK(spread.asset_shocks[0] == 0);
  CHECK(spread.change_liability_pv == 0);
}

TEST_CASE("what a bank reports: the largest of the six declines in economic value") {
  StressPlan plan({standard("irrbb_2024/EUR")}, example_balance());
  StressOutcome outcome = plan.apply(Portfolios{{"current", {0.0, 0.0, 1.0, 0.0}}});
  REQUIRE(outcome.capital.size() == 1);
  const CapitalResult& eve = outcome.capital[0];
  double largest = 0;
  for (const StressRow& row : outcome.rows) largest = std::max(largest, -row.change_surplus);
  CHECK(largest > 0);
  CHECK(eve.capital == largest);
  CHECK(eve.risks ==
        std::vector<std::string>{"parallel_up", "parallel_down", "steepener", "flattener", "short_up", "short_down"});
  CHECK(eve.available == outcome.rows[0].surplus);
}

TEST_CASE("one family with two floors is two stresses") {
  StressedBalance balance = richer_balance();
  StressParameters floored = standard("irrbb_2024/EUR");
  floored.floor = RateFloor::zero;
  auto rows = rows_of(StressPlan({standard("irrbb_2024/EUR"), floored}, balance), Portfolios{{"current", kRicher}});
  CHECK(row_of(rows, "irrbb_2024/EUR floor zero parallel_up").assets ==
        row_of(rows, "irrbb_2024/EUR parallel_up").assets);
}
