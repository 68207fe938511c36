#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"
#include "study_fixture.h"
#include "tests/scenarios/models/regime_sum.h"

using namespace ballast;
using namespace ballast::test;

namespace {

std::string bullet_study(const std::string& model) {
  return R"(
study: {name: bullet, seed: 3, valuation_date: 2025-12-31}
scenarios: {count: 3000, horizon_years: 12, steps_per_year: 12, model: )" +
         model + R"(}
market: {returns: )" +
         data_folder() + R"(/market_returns_monthly.csv, curve: )" + data_folder() +
         R"(/yield_curve.csv, curve_history: )" + data_folder() + R"(/yield_curve_monthly.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: matching, zero_coupon_years: 10}
  - {name: bonds, constant_maturity_years: 10}
  - {name: cash, cash: true}
liabilities: [{name: bullet, cashflows: bullet.csv}]
balance: {funding_ratio: 1, current: {matching: 1}}
optimize: {objective: min_cvar, loss: surplus}
)";
}

}  // namespace

TEST_CASE(
    "a bullet and the zero-coupon bond of its maturity: no surplus risk, and a funding ratio of 1 on every scenario") {
  for (const char* model : {"block_bootstrap", "normal"}) {
    CAPTURE(model);
    TemporaryFolder folder;
    folder.write("bullet.csv", "time_years,amount\n10,1000000\n");
    Results results = run_text(bullet_study(model), folder.path(), folder.path("out"));
    CHECK(results.optimizer->status == "optimal");
    CHECK(std::abs(results.optimizer->value) < 1e-10);
    CHECK(std::abs(results.portfolio->weights[1] - 1) < 1e-8);
    hdf5::File file = hdf5::File::open(folder.path("out/results.h5"));
    std::vector<double> ratio = file.open_group("/").open_dataset("funding_ratio").read_doubles();
    std::size_t times = results.times.size();
    double worst = 0;
    int beyond = 0;
    for (std::size_t k = 0; k < ratio.size(); ++k) {
      double time = results.times[k % times];
      if (time < 10 - 1e-9)
        worst = std::max(worst, std::abs(ratio[k] - 1));
      else
        beyond += std::isnan(ratio[k]);  // paid: no liability is left
    }
    CHECK(beyond == 3000 * 3);
    // The optimal weights differ from (0, 1, 0, 0) by 1e-8 at most, and so does what they earn.
    CHECK(worst < 1e-6);
    std::vector<double> surplus = file.open_group("/").open_dataset("surplus").read_doubles();
    CHECK(std::isfinite(surplus.back()));
    // With exactly that bond, the current weights, the ratio is 1 to rounding.
    for (const ProjectionRow& row : results.projection_current) {
      if (row.time >= 10) continue;
      for (double q : row.funding_ratio.quantiles) CHECK(q == doctest::Approx(1).epsilon(1e-12));
      CHECK(row.funding_ratio.mean.value == doctest::Approx(1).epsilon(1e-12));
      CHECK(row.shortfall_probability.value == 0.0);  // surpluses of -1e-10 are rounding
    }
  }
}

TEST_CASE("lognormal wealth: a constant mix and buy-and-hold have the moments of their closed forms") {
  // One asset with normal log returns and a flat, still curve: E[W] = exp(12 (m + v/2)) = (arithmetic mean)^12 per
  // year.
  TemporaryFolder folder;
  std::string text = R"(
study: {name: lognormal, seed: 5, valuation_date: 2025-12-31}
scenarios: {count: 200000, horizon_years: 2, steps_per_year: 12, model: normal, normal: {covariance: sample}, curve_changes: {kind: none}}
market: {returns: )" +
                     data_folder() + R"(/market_returns_monthly.csv, curve: )" + data_folder() +
                     R"(/flat_curve_5pct.csv}
assets:
  - {name: equity, series: equity_world, return: total, expected_return: 0.07}
  - {name: cash, cash: true}
balance: {assets: 100, rebalancing: REBALANCING, current: {equity: 0.6, cash: 0.4}}
)";
  auto run = [&](const std::string& rebalancing) {
    std::string study = text;
    study.replace(study.find("REBALANCING"), 11, rebalancing);
    return run_text(study, folder.path(), folder.path(rebalancing));
  };
  Results mix = run("constant_mix"), hold = run("buy_and_hold");
  double equity = std::pow(1.07, 1.0 / 12), cash = std::pow(1.05, 1.0 / 12);
  double mix_mean = 100 * std::pow(0.6 * equity + 0.4 * cash, 24);
  double hold_mean = 100 * (0.6 * 1.07 * 1.07 + 0.4 * 1.05 * 1.05);
  Estimate m = mix.projection_current.back().assets.mean, h = hold.projection_current.back().assets.mean;
  CHECK(std::abs(m.value - mix_mean) < 5 * m.standard_error);
  CHECK(std::abs(h.value - hold_mean) < 5 * h.standard_error);
  CHECK(m.standard_error < 0.05);
  CHECK(std::abs(mix_mean - hold_mean) > 1e-3);
}

TEST_CASE("a bullet's policy over eight years is its zero-coupon bond throughout, on fresh scenarios too") {
  TemporaryFolder folder;
  folder.write("bullet.csv", "time_years,amount\n10,1000000\n");
  Results results =
      run_text(bullet_study("normal"), folder.path(), folder.path("out"),
               {parse_override("scenarios.count=1100"), parse_override("optimize.policy.horizon_years=8"),
                parse_override("optimize.policy.change_years=[4]"), parse_override("optimize.policy.scenarios=300"),
                parse_override("optimize.policy.starts=2"), parse_override("optimize.policy.max_evaluations=200")});
  REQUIRE(results.policy);
  const PolicyResult& policy = *results.policy;
  CHECK(policy.from_years == std::vector<double>{0, 4});
  for (const std::vector<double>& weights : policy.weights) CHECK(weights[1] == doctest::Approx(1).epsilon(1e-3));
  CHECK(std::abs(policy.value) < 1e-4);
  CHECK(std::abs(policy.fresh.value) < 1e-3);
  REQUIRE(policy.projection.size() == results.times.size());
  CHECK(policy.projection[8].funding_ratio.mean.value == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("a study with Hardy's (2001) regimes: quantile and tail mean of a year are the closed form's") {
  auto study = [](const std::string& more) {
    return R"(
study: {name: tsx, seed: 2001}
scenarios:
  count: 100000
  horizon_years: 1
  model: regime_switching
  regime_switching:
    start: stationary
    parameters:
      - {transition: [0.9629, 0.0371], mean: {equity: 0.0123}, standard_deviation: {equity: 0.0347}}
      - {transition: [0.2101, 0.7899], mean: {equity: -0.0157}, standard_deviation: {equity: 0.0778}}
market: {returns: )" +
           data_folder() + R"(/market_returns_monthly.csv}
assets: [{name: equity, series: equity_world)" +
           more + R"(}]
balance: {current: {equity: 1}}
)";
  };
  TemporaryFolder folder;
  const Results results = run_text(study(""), folder.path(), folder.path("out"));
  const PortfolioResult& equity = *results.current;
  auto loss = [](double p) { return -std::expm1(quantile_of_sum(kTsx, 12, p)); };
  double tail = 0.0;
  constexpr int kPoints = 1000;
  for (int k = 0; k < kPoints; ++k) tail += loss(0.05 * (k + 0.5) / kPoints) / kPoints;
  CHECK(std::abs(equity.var.value - loss(0.05)) < 4 * equity.var.standard_error);
  CHECK(std::abs(equity.cvar.value - tail) < 4 * equity.cvar.standard_error);
  // Validated against their own mean, which an expected return cannot move.
  const ValidationRow& mean = results.validation.rows.back();
  CHECK(mean.statistic == "mean growth factor");
  CHECK(mean.pass);
  CHECK_THROWS_WITH_AS(run_text(study(", expected_return: 0.05"), folder.path(), folder.path("out")),
                       doctest::Contains("leave out expected_return"), InputError);
}
