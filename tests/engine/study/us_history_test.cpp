#include <cmath>

#include <doctest/doctest.h>

#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

std::string us_study() {
  std::string file = shared_folder() + "/data/us_joint_monthly_195305_201811.csv";
  return R"(
study: {name: us, seed: 1953, valuation_date: 2018-11-30}
scenarios: {count: 4000, horizon_years: 10, steps_per_year: 12}
market:
  returns: )" +
         file + R"(
  curve_history:
    file: )" +
         file + R"(
    quote: par
    compounding: semiannual
    columns: {cmt_3m: 0.25, cmt_6m: 0.5, cmt_12m: 1, cmt_24m: 2, cmt_36m: 3, cmt_60m: 5, cmt_84m: 7, cmt_120m: 10, cmt_240m: 20, cmt_360m: 30}
assets:
  - {name: equity, series: equity_mkt_tr}
  - {name: gold, series: gold_ret}
  - {name: bonds_10y, constant_maturity_years: 10}
  - {name: bond_series, series: govt_10y_tr}
  - {name: cash, cash: true}
balance: {current: {equity: 0.6, bonds_10y: 0.4}}
optimize: {objective: min_cvar, loss: return, constraints: {max_weight: 0.6}}
)";
}

double q(const Distribution& d, double level) {
  const std::vector<double> levels = {0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.995};
  return d.quantiles[std::size_t(std::find(levels.begin(), levels.end(), level) - levels.begin())];
}

}  // namespace

TEST_CASE("65 years of US history: magnitudes that an analyst expects") {
  if (!has_shared()) {
    MESSAGE("left out: the US history is not here");
    return;
  }
  TemporaryFolder folder;
  Results results = run_text(us_study(), folder.path(), folder.path("out"));
  CHECK(*results.history_years > 65);

  // 60/40: volatility near 10%, one year in twenty loses about 10%, and the mean of those years less than 2008's loss
  // (about 22%).
  const PortfolioResult& balanced = *results.current;
  CHECK(balanced.volatility.value > 0.08);
  CHECK(balanced.volatility.value < 0.13);
  CHECK(balanced.cvar.value > 0.08);
  CHECK(balanced.cvar.value < 0.22);

  CHECK(results.optimizer->status == "optimal");
  CHECK(*results.optimizer->relative_gap <= 1e-6);

  // Rates neither explode nor freeze over ten years (undamped changes leave a third of the short rates negative).
  const RateRow& last = results.rates.back();
  CHECK(last.time == 10);
  CHECK(last.negative_share < 0.2);
  CHECK(q(last.short_rate, 0.95) > 0.06);
  CHECK(q(last.short_rate, 0.95) < 0.12);
  CHECK(q(last.ten_year_rate, 0.05) > 0.0);
  CHECK(q(last.ten_year_rate, 0.95) < 0.12);
  MESSAGE("short rate after 10 years: 5% ", q(last.short_rate, 0.05), ", median ", q(last.short_rate, 0.5), ", 95% ",
          q(last.short_rate, 0.95), ", negative ", last.negative_share);
  MESSAGE("60/40 over one year: volatility ", balanced.volatility.value, ", 5% VaR ", balanced.var.value, ", 5% CVaR ",
          balanced.cvar.value);
}

TEST_CASE("without mean reversion the same history explodes") {
  if (!has_shared()) {
    MESSAGE("left out: the US history is not here");
    return;
  }
  TemporaryFolder folder;
  Results results = run_text(us_study(), folder.path(), folder.path("out"),
                             {parse_override("scenarios.curve_changes={mean_reversion: 0}")});
  CHECK(results.rates.back().negative_share > 0.25);
  CHECK(results.rates.back().negative_share < 0.40);
}
