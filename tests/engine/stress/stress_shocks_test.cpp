#include <cmath>

#include <doctest/doctest.h>

#include "engine/liabilities/valuation.h"
#include "engine/stress/historical_windows.h"
#include "engine/stress/stressed_balance.h"
#include "scenarios/market/bond.h"
#include "scenarios/stress/solvency2.h"
#include "tests/engine/stress/stress_fixture.h"

using namespace ballast;
using namespace ballast::test;

TEST_CASE("a spread shock acts on what bears credit risk, through its spread duration") {
  StressedBalance balance = richer_balance();
  balance.asset_parameters[1].credit_quality = CreditQuality::step_2;
  StressParameters wider = own("wider");
  wider.spread_shift = SpreadShift{0.01, {}};
  StressRow row = only_row(wider, balance);
  // A par bond at 1.5% over the curve: its spread duration is its duration in continuous rates, its yield its coupon.
  auto price = [&](double shift) {
    auto zero_rate = [&](double t) { return balance.market.curve.zero_rate(t) + 0.015; };
    double coupon = par_coupon(7, 2, zero_rate), sum = 0.0;
    for (int k = 1; k <= 14; ++k) {
      sum += (coupon / 2 + (k == 14)) * std::exp(-(zero_rate(k / 2.0) + shift) * k / 2.0);
    }
    return sum;
  };
  CHECK(price(0) == doctest::Approx(1).epsilon(1e-14));
  CHECK(row.asset_shocks[4] == doctest::Approx(price(0.01) - 1).epsilon(1e-12));
  double duration = balance.exposures[4].measures(balance.market.curve, Compounding::continuous, {}).modified_duration;
  CHECK(duration == doctest::Approx((price(-1e-5) - price(1e-5)) / 2e-5).epsilon(1e-6));
  CHECK(row.asset_shocks[1] == doctest::Approx(-0.01 * balance.exposures[1].series.duration));
  for (std::size_t a : {0, 2, 3, 5}) CHECK(row.asset_shocks[a] == 0);
  CHECK(row.change_liability_pv == 0);

  // With rates at once it is their sum, exactly; by asset, only that one moves.
  StressParameters both = own("both");
  both.parallel_shift = 0.005;
  both.spread_shift = SpreadShift{{}, {{"corporate", 0.01}}};
  StressRow row_of_both = only_row(both, balance);
  CHECK(row_of_both.asset_shocks[4] == doctest::Approx(price(0.015) - 1).epsilon(1e-12));
  CHECK(row_of_both.asset_shocks[1] == doctest::Approx(-0.005 * balance.exposures[1].series.duration));

  // Solvency II: without a quality it is unrated; 7 years at 3% and 1.7% a year above five.
  StressRow spread =
      row_of(rows_of(StressPlan({standard("solvency2_2015")}, balance), Portfolios{{"current", kRicher}}),
             "solvency2_2015 spread");
  double modified = balance.exposures[4].measures(balance.market.curve, Compounding::annual, {}).modified_duration;
  CHECK(spread.asset_shocks[4] == doctest::Approx(-solvency2_spread_stress(CreditQuality::unrated, modified)));

  StressParameters wrong = own("wrong");
  wrong.spread_shift = SpreadShift{{}, {{"equity", 0.01}}};
  CHECK(error_of({wrong}, balance).find("'equity' bears no credit risk") != std::string::npos);
  wrong.spread_shift = SpreadShift{0.01, {}};
  CHECK(error_of({wrong}, example_balance()).find("no asset bears credit risk") != std::string::npos);
}

TEST_CASE("a window of the history brings its change of spreads to corporate bonds") {
  StressedBalance balance = richer_balance();
  StressedMarket market = replay_window(balance, {10, 12}, "window");
  double widened = balance.history.spreads(22, 0) - balance.history.spreads(10, 0);
  CHECK(std::abs(widened) > 0.0005);
  CHECK(market.asset_change[4] ==
        doctest::Approx(balance.exposures[4].price_change(balance.market.curve, market.state.curve, 0, widened)));
}

TEST_CASE("a shift of expected inflation: linked payments and bonds by their inflation durations") {
  StressedBalance balance = richer_balance();
  double h = 1e-4;
  StressParameters up = own("up");
  up.inflation_shift = h;
  StressRow row = only_row(up, balance);
  LiabilityMeasures owed = balance.liabilities.measure(balance.market, Compounding::annual, {}).total;
  CHECK(owed.inflation_duration > 5);
  CHECK(row.change_liability_pv == doctest::Approx(owed.pv * owed.inflation_duration * h).epsilon(2e-3));
  const AssetFlows& linker = *balance.exposures[5].flows;
  CHECK(row.asset_shocks[5] == doctest::Approx(linker.value(balance.market.curve, h) - 1).epsilon(1e-9));
  CHECK(row.asset_shocks[5] > 5 * h);
  for (std::size_t a : {0, 1, 2, 3, 4}) CHECK(row.asset_shocks[a] == 0);
  CHECK(row.rate_shocks[0] == 0);
  balance.market.breakeven = {};
  CHECK(error_of({up}, balance).find("has no expected inflation") != std::string::npos);
}

TEST_CASE("a longevity stress re-values what is paid for life, and nothing else") {
  StressedBalance balance = richer_balance();
  StressParameters longer = own("longer lives");
  longer.mortality_factor = 0.8;
  StressRow row = only_row(longer, balance);
  MarketState lives = balance.market;
  lives.longevity.mortality_factor = 0.8;
  CHECK(row.liability_pv == doctest::Approx(balance.liabilities.pv(lives)).epsilon(1e-12));
  CHECK(row.change_liability_pv > 0.02 * balance.liabilities.pv(balance.market));
  CHECK(row.change_assets == 0);
}
