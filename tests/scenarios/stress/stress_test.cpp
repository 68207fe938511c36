#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/stress/irrbb.h"
#include "scenarios/stress/solvency2.h"

using namespace ballast;

namespace {

double change(const RateShock& shock, double t, double z) { return shock.stressed(t, z) - z; }

const IrrbbShockSizes kHundred = {"XXX", 0.01, 0.01, 0.01};

}  // namespace

TEST_CASE("IRRBB: the worked numbers of SRP31.92 at 3.5 years") {
  auto shocks = irrbb_shocks(kHundred, RateFloor::none);
  REQUIRE(shocks.size() == 6);
  CHECK(change(shocks[0], 3.5, 0.03) == doctest::Approx(0.01).epsilon(1e-12));
  CHECK(change(shocks[1], 3.5, 0.03) == doctest::Approx(-0.01).epsilon(1e-12));
  CHECK(std::abs(change(shocks[4], 3.5, 0.03) - 0.00417) < 5e-6);   // 41.7 basis points
  CHECK(std::abs(change(shocks[2], 3.5, 0.03) - 0.00254) < 5e-6);   // steepener 25.4
  CHECK(std::abs(change(shocks[3], 3.5, 0.03) - -0.00016) < 5e-6);  // flattener -1.6
  CHECK(change(shocks[5], 3.5, 0.03) == -change(shocks[4], 3.5, 0.03));
}

TEST_CASE("IRRBB: tables") {
  CHECK(irrbb_table(IrrbbTable::irrbb_2016).size() == 21);
  CHECK(irrbb_table(IrrbbTable::irrbb_2024).size() == 21);
  CHECK(irrbb_table(IrrbbTable::irrbb_eu_2024_856).size() == 27);
  for (const IrrbbShockSizes& sizes : irrbb_table(IrrbbTable::irrbb_2024)) {
    if (sizes.currency != "EUR") continue;
    CHECK(sizes.parallel == doctest::Approx(0.0225));
    CHECK(sizes.short_rate == doctest::Approx(0.035));
    CHECK(sizes.long_rate == doctest::Approx(0.02));
  }
}

TEST_CASE("IRRBB: floors hold rates up, and leave those below where they are") {
  const RateShock down_zero = irrbb_shocks(kHundred, RateFloor::zero)[1];
  CHECK(down_zero.stressed(5, 0.03) == doctest::Approx(0.02));
  CHECK(down_zero.stressed(5, 0.004) == 0.0);
  CHECK(down_zero.stressed(5, -0.002) == -0.002);
  const RateShock down_eu = irrbb_shocks(kHundred, RateFloor::eu_2024_856)[1];
  CHECK(down_eu.stressed(10, -0.004) == doctest::Approx(-0.012));  // -1.5% + 10 x 0.03%
  CHECK(down_eu.stressed(60, 0.004) == 0.0);
  CHECK(down_eu.stressed(10, -0.014) == doctest::Approx(-0.014));
}

TEST_CASE("Solvency II: interest shocks on annual spot rates") {
  auto spot = [](const RateShock& shock, double t, double r) { return std::expm1(shock.stressed(t, std::log1p(r))); };
  auto law = solvency2_rate_shocks(Solvency2Variant::solvency2_2015);
  CHECK(spot(law[0], 10, 0.04) == doctest::Approx(0.04 * 1.42));
  CHECK(spot(law[0], 10, 0.01) == doctest::Approx(0.02));  // at least a point
  CHECK(spot(law[0], 0.5, 0.04) == doctest::Approx(0.04 * 1.70));
  CHECK(spot(law[0], 2.5, 0.04) == doctest::Approx(0.04 * 1.67));
  CHECK(spot(law[0], 55, 0.05) == doctest::Approx(0.05 * (1 + (0.26 + 0.20) / 2)));
  CHECK(spot(law[0], 120, 0.06) == doctest::Approx(0.06 * 1.2));
  CHECK(spot(law[1], 10, 0.04) == doctest::Approx(0.04 * 0.69));
  CHECK(spot(law[1], 10, -0.01) == doctest::Approx(-0.01));
  auto review = solvency2_rate_shocks(Solvency2Variant::solvency2_review2020);
  CHECK(spot(review[0], 10, 0.02) == doctest::Approx(0.02 * 1.30 + 0.0105));
  CHECK(spot(review[1], 10, 0.02) == doctest::Approx(0.02 * 0.60 - 0.0061));
  CHECK(spot(review[1], 1, -0.005) == doctest::Approx(-0.0125));
  CHECK(spot(review[1], 90, 0.02) == doctest::Approx(0.02 * 0.8));
}

TEST_CASE("Solvency II: spread risk by credit quality step and duration, article 176") {
  using Q = CreditQuality;
  CHECK(solvency2_spread_stress(Q::step_0, 4) == doctest::Approx(0.036));
  CHECK(solvency2_spread_stress(Q::step_2, 0.2) == doctest::Approx(0.014));  // at least a year
  CHECK(solvency2_spread_stress(Q::step_2, 7) == doctest::Approx(0.07 + 2 * 0.007));
  CHECK(solvency2_spread_stress(Q::step_3, 12) == doctest::Approx(0.20 + 2 * 0.01));
  CHECK(solvency2_spread_stress(Q::step_1, 18) == doctest::Approx(0.11 + 3 * 0.005));
  CHECK(solvency2_spread_stress(Q::step_6, 200) == 1.0);
  CHECK(solvency2_spread_stress(Q::unrated, 16) == doctest::Approx(0.235 + 6 * 0.012));
  CHECK(solvency2_spread_stress(Q::government, 30) == 0);
  // The law's lines meet at the edges, but for the rounding in its table.
  for (int step = 0; step < 8; ++step) {
    for (double edge : {5.0, 10.0, 15.0, 20.0}) {
      CHECK(std::abs(solvency2_spread_stress(Q(step), edge + 1e-9) - solvency2_spread_stress(Q(step), edge)) < 0.0051);
    }
  }
}

TEST_CASE("Solvency II: aggregation") {
  MarketCapital one = solvency2_market_capital({.equity_type_1 = 30, .equity_type_2 = 40});
  CHECK(one.equity == doctest::Approx(std::sqrt(900 + 1800 + 1600)));
  CHECK(one.total == doctest::Approx(one.equity));
  // Rising rates: correlation 0 with the others; falling: 0.5. Gains count as no loss.
  CHECK(solvency2_market_capital({.interest_up = 10, .interest_down = -5, .equity_type_1 = 20}).total ==
        doctest::Approx(std::sqrt(100 + 400)));
  MarketCapital all = solvency2_market_capital(
      {.interest_up = 5, .interest_down = 10, .equity_type_2 = 20, .property = 8, .spread = 6});
  CHECK(all.rates_fall);
  CHECK(all.total == doctest::Approx(std::sqrt(100 + 400 + 64 + 36 + 2 * 0.5 * 10 * (20 + 8 + 6) +
                                               2 * 0.75 * 20 * (8 + 6) + 2 * 0.5 * 8 * 6)));
}

TEST_CASE("the shock of a curve is exact at every time, and no shock leaves it as it is") {
  RateShock nothing{"nothing", [](double, double z) { return z; }};
  RateShock bent{"bent", [](double t, double z) { return z + 0.01 * std::exp(-t / 4); }};
  for (CurveMethod method : {CurveMethod{}, CurveMethod{Interpolation::monotone_convex, Extrapolation::flat_forward},
                             CurveMethod{Interpolation::natural_cubic, Extrapolation::flat_zero},
                             CurveMethod{Interpolation::smith_wilson, Extrapolation::smith_wilson, 0.033, 0.12}}) {
    YieldCurve curve({1, 5, 10, 30}, {0.02, 0.025, 0.03, 0.032}, method);
    YieldCurve same = shocked_curve(curve, nothing), after = shocked_curve(curve, bent);
    for (double t : {0.0, 0.07, 0.9, 3.3, 12.6, 47.7, 120.0}) {
      CHECK(same.zero_rate(t) == doctest::Approx(curve.zero_rate(t)).epsilon(1e-15));
      CHECK(after.zero_rate(t) == doctest::Approx(curve.zero_rate(t) + 0.01 * std::exp(-t / 4)).epsilon(1e-14));
    }
    CHECK(same.forward_rate(7.7) == doctest::Approx(curve.forward_rate(7.7)).epsilon(1e-6));
  }
}
