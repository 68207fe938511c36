#include "engine/study/worst_case.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/optimize/cvar.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/study_results.h"
#include "scenarios/base/error.h"
#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

/// A bullet after ten years on a flat curve of 5% (annual) that does not move.
std::string still_study(const std::string& worst_case) {
  return R"(
study: {name: still, seed: 3, valuation_date: 2025-12-31}
scenarios: {count: 2000, horizon_years: 2, steps_per_year: 12, model: normal}
market: {returns: )" +
         data_folder() + R"(/market_returns_monthly.csv, curve: )" + data_folder() + R"(/flat_curve_5pct.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: matching, zero_coupon_years: 10}
  - {name: cash, cash: true}
liabilities: [{name: bullet, cashflows: bullet.csv}]
balance: {funding_ratio: 1, current: {matching: 1}}
stress:
  - {name: lower, parallel_shift: -0.01}
  - {name: crash, asset_returns: {equity: -0.4}}
  - {name: table, grid: {parallel_shifts: [0]}}
  - {name: older, mortality_factor: 0.8}
optimize: {loss: surplus, worst_case: [)" +
         worst_case + "]}\n";
}

struct Prepared {
  TemporaryFolder folder;
  StudyConfig config;
  InputFiles files;
  PreparedStudy study;

  explicit Prepared(const std::string& text) : config(read_study("study.yaml", text, {})), files(folder.path()) {
    folder.write("bullet.csv", "time_years,amount\n10,1000000\n");
    study = prepare_study(config, files);
  }
  std::vector<HorizonScenarios> sets() { return WorstCase(config, &study, study.asset_names(), files).take_sets(2000); }
  HorizonScenarios own() const { return simulate_horizon(BalanceModel(study), Sequence::optimise, 2000); }
  std::string refusal() {
    try {
      sets();
    } catch (const InputError& error) {
      return error.problems()[0].key_path + ": " + error.problems()[0].message;
    }
    return "accepted";
  }
};

}  // namespace

TEST_CASE("after a shift of rates the matching bond still matches: closed form of both") {
  Prepared p(still_study("{stress: lower}"));
  const std::vector<HorizonScenarios> sets = p.sets();
  REQUIRE(sets.size() == 1);
  // Bought at z, worth exp(-9 (z - 0.01)) after a year.
  const double z = std::log(1.05), expected = std::exp(10 * z - 9 * (z - 0.01));
  for (std::size_t s = 0; s < 2000; s += 97) {
    CHECK(1 + sets[0].asset_return[3 * s + 1] == doctest::Approx(expected).epsilon(1e-12));
    CHECK(sets[0].liability[s] == doctest::Approx(expected).epsilon(1e-12));
    CHECK(1 + sets[0].asset_return[3 * s + 2] == doctest::Approx(std::exp(z - 0.01)).epsilon(1e-12));
  }
}

TEST_CASE("a stress of assets alone comes before the study's own scenarios") {
  Prepared p(still_study("{stress: crash}"));
  const HorizonScenarios own = p.own();
  const std::vector<HorizonScenarios> sets = p.sets();
  REQUIRE(sets.size() == 1);
  for (std::size_t k = 0; k < own.asset_return.size(); k += 7) {
    const double before = k % 3 == 0 ? 0.6 : 1.0;
    CHECK(sets[0].asset_return[k] == doctest::Approx(before * (1 + own.asset_return[k]) - 1).epsilon(1e-12));
  }
  CHECK(sets[0].liability == own.liability);
}

TEST_CASE("another model draws by the same numbers, and the study's own model gives its own scenarios") {
  Prepared p(still_study("{model: normal}, {model: student_t}"));
  const HorizonScenarios own = p.own();
  const std::vector<HorizonScenarios> sets = p.sets();
  REQUIRE(sets.size() == 2);
  auto same = [&](const HorizonScenarios& set) {
    return std::equal(set.asset_return.begin(), set.asset_return.end(), own.asset_return.begin());
  };
  CHECK(same(sets[0]));
  CHECK_FALSE(same(sets[1]));
}

TEST_CASE("what is no model and no stressed market is refused with its key") {
  CHECK(Prepared(still_study("{model: normall}"))
            .refusal()
            .starts_with("optimize.worst_case[0].model: there is no model"));
  CHECK(
      Prepared(still_study("{model: file}")).refusal().starts_with("optimize.worst_case[0].model: there is no model"));
  CHECK(Prepared(still_study("{model: normal}, {stress: irrbb_2024/XXX}"))
            .refusal()
            .starts_with("optimize.worst_case[1].stress: irrbb_2024 has no currency 'XXX'"));
  CHECK(Prepared(still_study("{stress: table}")).refusal().find("is no stressed market") != std::string::npos);
  CHECK(Prepared(still_study("{stress: older}")).refusal().find("mortality") != std::string::npos);
  CHECK_THROWS_WITH_AS(read_study("study.yaml", still_study("{stress: crash, model: normal}"), {}),
                       doctest::Contains("exactly one of file, model and stress"), InputError);
}

TEST_CASE("the optimum over a regulator's six stresses is the largest CVaR over seven sets") {
  Prepared p(still_study("{stress: irrbb_2024/EUR}"));
  const HorizonScenarios own = p.own();
  OptimiseInputs inputs{p.study.asset_names(), std::nullopt, {}, p.sets()};
  REQUIRE(inputs.worst_case.size() == 6);
  const OptimizationResult result = optimise_weights(p.study.config, inputs, own);
  CHECK(result.status == "optimal");
  double largest = -INFINITY;
  auto see = [&](const HorizonScenarios& set) {
    std::vector<double> excess;
    largest = std::max(largest, tail_risk(set.loss_set(true, excess), result.weights, 0.95).cvar);
  };
  see(own);
  for (const HorizonScenarios& set : inputs.worst_case) see(set);
  CHECK(result.value == doctest::Approx(largest).epsilon(1e-9));

  Results results;
  results.asset_names = p.study.asset_names();
  results.risk_horizon_years = 1.0;
  results.optimizer = optimizer_result(p.study.config, result, 2000);
  measure_worst_case(p.study.config, own, inputs.worst_case, result.weights, results);
  const std::vector<WorstCaseSet>& sets = results.optimizer->worst_case;
  REQUIRE(sets.size() == 7);
  CHECK(sets.front().cvar.value == doctest::Approx(result.value).epsilon(1e-12));
  CHECK(sets.front().cvar.standard_error >= 0.0);
  int own_ones = 0;
  for (std::size_t k = 0; k < sets.size(); ++k) {
    CAPTURE(sets[k].name);
    if (k > 0) CHECK(sets[k].cvar.value <= sets[k - 1].cvar.value);
    own_ones += sets[k].name == "own";
    CHECK((sets[k].name == "own" || sets[k].name.starts_with("irrbb_2024/EUR ")));
    CHECK(sets[k].scenarios == 2000);
  }
  CHECK(own_ones == 1);
}
