#include "scenarios/market/curve.h"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "scenarios/market/bond.h"

using namespace ballast;

namespace {

const std::vector<double> kTenors = {0.25, 0.5, 1, 2, 3, 5, 7, 10, 20, 30};

/// |a - b| within `tolerance`, absolutely.
bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

}  // namespace

TEST_CASE("linear weights are flat outside the tenors and exact on them") {
  std::vector<double> tenors = {1, 2, 5};
  auto at = [&](double t) { return linear_weights(tenors, t); };
  CHECK(at(0.5).lower == 0);
  CHECK(at(0.5).weight_upper == 0.0);
  CHECK(at(2).lower == 1);
  CHECK(at(2).weight_upper == 0.0);
  CHECK(at(3.5).lower == 1);
  CHECK(at(3.5).weight_upper == 0.5);
  CHECK(at(5).lower == 1);
  CHECK(at(5).weight_upper == 1.0);
  CHECK(at(60).weight_upper == 1.0);
  CHECK(linear_weights(std::vector<double>{3}, 7).lower == 0);
  CHECK(linear_weights(std::vector<double>{3}, 7).weight_upper == 0.0);
}

TEST_CASE("a curve interpolates zero rates and differentiates them to forward rates") {
  YieldCurve curve({1, 2, 5}, {0.01, 0.03, 0.06});
  CHECK(curve.zero_rate(0) == 0.01);
  CHECK(curve.zero_rate(1.5) == doctest::Approx(0.02).epsilon(1e-15));
  CHECK(curve.zero_rate(5) == 0.06);
  CHECK(curve.zero_rate(50) == 0.06);
  CHECK(curve.discount(2) == std::exp(-0.06));
  CHECK(curve.forward_rate(0.5) == 0.01);
  CHECK(curve.forward_rate(1) == doctest::Approx(0.01 + 1 * 0.02).epsilon(1e-14));  // from the right
  CHECK(curve.forward_rate(3) == doctest::Approx(0.04 + 3 * 0.01).epsilon(1e-14));
  CHECK(curve.forward_rate(5) == 0.06);
  CHECK_THROWS_AS(YieldCurve({2, 1}, {0.1, 0.1}), std::invalid_argument);
  CHECK_THROWS_AS(YieldCurve({1}, {0.1, 0.1}), std::invalid_argument);
  CHECK_THROWS_AS(YieldCurve({1}, {NAN}), std::invalid_argument);
}

TEST_CASE("compounding converts both ways") {
  CHECK(to_continuous(0.05, Compounding::annual) == doctest::Approx(std::log(1.05)).epsilon(1e-15));
  CHECK(to_continuous(0.05, Compounding::semiannual) == doctest::Approx(2 * std::log(1.025)).epsilon(1e-15));
  CHECK(to_continuous(-0.003, Compounding::continuous) == -0.003);
  for (Compounding c : {Compounding::annual, Compounding::semiannual, Compounding::continuous}) {
    CHECK(from_continuous(to_continuous(0.0731, c), c) == doctest::Approx(0.0731).epsilon(1e-15));
  }
  CHECK_THROWS_AS(to_continuous(-1, Compounding::annual), std::invalid_argument);
}

TEST_CASE("coupons are counted back from maturity, a short first period in proportion") {
  CouponSchedule ten = coupon_schedule(10, 2);
  CHECK(ten.times.size() == 20);
  CHECK(ten.times.front() == 0.5);
  CHECK(ten.times.back() == 10);
  CHECK(ten.fractions.front() == 0.5);
  CouponSchedule stub = coupon_schedule(1.25, 2);
  CHECK(stub.times == std::vector<double>{0.25, 0.75, 1.25});
  CHECK(stub.fractions == std::vector<double>{0.25, 0.5, 0.5});
  CHECK(coupon_schedule(119.0 / 12 + 1.0 / 12, 12).times.size() == 120);  // rounding adds no coupon
  CHECK_THROWS_AS(coupon_schedule(0, 2), std::invalid_argument);
}

TEST_CASE("a flat curve prices bonds by the closed form") {
  double y = 0.06, z = to_continuous(y, Compounding::semiannual);
  YieldCurve flat({1}, {z});
  double v = std::pow(1 + y / 2, -20);
  double expected = 0.04 / 2 * (1 - v) / (y / 2) + v;
  CHECK(bond_price(flat, 10, 0.04, 2) == doctest::Approx(expected).epsilon(1e-14));
  CHECK(flat.par_yield(10, 2) == doctest::Approx(y).epsilon(1e-14));
  CHECK(flat.par_yield(0.25, 2) == doctest::Approx(y).epsilon(1e-14));
  // Aged, the dirty price grows at the yield; at a coupon date it still holds the coupon.
  CHECK(bond_price(flat, 10, 0.04, 2, 1.0 / 12) == doctest::Approx(expected * std::exp(z / 12)).epsilon(1e-14));
  CHECK(bond_price(flat, 10, 0.04, 2, 0.5) == doctest::Approx(expected * std::exp(z / 2)).epsilon(1e-14));
  // A bill, and a bond past maturity.
  CHECK(bond_price(flat, 0.25, y, 2, 0.25) == doctest::Approx(std::pow(1 + y / 2, 0.5)).epsilon(1e-14));
  CHECK(bond_price(flat, 0.25, y, 2, 0.3) == 0.0);
  CHECK(bond_price(flat, 1, y, 2, 1) == doctest::Approx(1 + y / 2).epsilon(1e-14));
}

TEST_CASE("par quotes are re-priced exactly") {
  // Normal, inverted, humped, negative and very high yields.
  std::vector<std::vector<double>> curves = {
      {0.0090, 0.0100, 0.0125, 0.0160, 0.0190, 0.0230, 0.0260, 0.0290, 0.0340, 0.0350},
      {0.1550, 0.1580, 0.1520, 0.1480, 0.1450, 0.1420, 0.1410, 0.1400, 0.1380, 0.1330},
      {0.0200, 0.0280, 0.0390, 0.0450, 0.0460, 0.0440, 0.0410, 0.0380, 0.0330, 0.0320},
      {-0.0070, -0.0072, -0.0075, -0.0076, -0.0074, -0.0065, -0.0050, -0.0030, -0.0005, 0.0001},
      {0.5, 0.5, 0.5, 0.48, 0.45, 0.42, 0.40, 0.38, 0.36, 0.35}};
  for (Quote quote : {Quote::par, Quote::swap}) {
    for (Compounding compounding : {Compounding::annual, Compounding::semiannual}) {
      int f = periods_per_year(compounding);
      for (const auto& yields : curves) {
        YieldCurve curve = curve_from_quotes(kTenors, yields, quote, compounding);
        for (std::size_t k = 0; k < kTenors.size(); ++k) {
          CAPTURE(f);
          CAPTURE(kTenors[k]);
          CAPTURE(yields[k]);
          CHECK(near(bond_price(curve, kTenors[k], yields[k], f), 1.0, 1e-14));
          CHECK(near(curve.par_yield(kTenors[k], f), yields[k], 1e-14));
        }
      }
    }
  }
}

TEST_CASE("a bootstrap of consecutive tenors agrees with its closed form") {
  // With annual coupons and every year quoted, P_n = (1 - y_n sum of P before) / (1 + y_n).
  std::vector<double> tenors = {1, 2, 3, 4, 5}, yields = {0.02, 0.025, 0.031, 0.034, 0.036};
  YieldCurve curve = curve_from_quotes(tenors, yields, Quote::par, Compounding::annual);
  double sum = 0;
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    double discount = (1 - yields[k] * sum) / (1 + yields[k]);
    CHECK(curve.discount(tenors[k]) == doctest::Approx(discount).epsilon(1e-14));
    sum += discount;
  }
}

TEST_CASE("zero rates and discount factors are converted to continuous zero rates") {
  std::vector<double> tenors = {1, 10};
  YieldCurve zero = curve_from_quotes(tenors, std::vector<double>{0.02, 0.05}, Quote::zero, Compounding::annual);
  CHECK(zero.discount(10) == doctest::Approx(std::pow(1.05, -10)).epsilon(1e-15));
  YieldCurve same = curve_from_quotes(tenors, std::vector<double>{zero.discount(1), zero.discount(10)}, Quote::discount,
                                      Compounding::annual);
  CHECK(same.zero_rate(10) == doctest::Approx(zero.zero_rate(10)).epsilon(1e-15));
}

TEST_CASE("quotes without a positive discount factor are refused") {
  auto refused = [](std::vector<double> tenors, std::vector<double> quotes, Quote quote, Compounding c) {
    CHECK_THROWS_AS(curve_from_quotes(tenors, quotes, quote, c), std::invalid_argument);
  };
  refused({1, 2}, {0.99, 0.0}, Quote::discount, Compounding::annual);
  refused({1, 2}, {0.01, -1.0}, Quote::zero, Compounding::annual);
  refused({1, 2}, {0.01, -2.5}, Quote::par, Compounding::semiannual);
  refused({1, 2}, {0.01, 0.02}, Quote::par, Compounding::continuous);
  // Nine years of 20% coupons are worth more than 1 at 1%: nothing is left for the tenth.
  refused({9, 10}, {0.01, 0.20}, Quote::par, Compounding::annual);
}
