#include "engine/portfolio/constant_maturity.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include "engine/portfolio/asset_path.h"
#include "engine/portfolio/held_bond.h"
#include "scenarios/market/bond.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {0.25, 1, 2, 5, 10, 30};

LaneArray random_curves(std::uint64_t state) {
  LaneArray rates(kTenors.size(), 32);
  for (std::size_t lane = 0; lane < rates.lanes(); ++lane) {
    for (std::size_t k = 0; k < kTenors.size(); ++k) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      rates(k, lane) = -0.01 + 0.07 * double(state >> 11) * 0x1p-53;
    }
  }
  return rates;
}

YieldCurve curve_of(const LaneArray& rates, std::size_t lane) {
  std::vector<double> z;
  for (std::size_t k = 0; k < rates.rows(); ++k) z.push_back(rates(k, lane));
  return YieldCurve(kTenors, z);
}

}  // namespace

TEST_CASE("on a flat curve that stays, every bond earns the rate, whatever falls due in the step") {
  for (double z : {-0.01, 0.0, 0.04}) {
    LaneArray flat(kTenors.size(), 16);
    flat.fill(z);
    for (double dt : {1.0 / 12, 0.25, 1.0}) {
      for (double years : {0.05, 1.0 / 12, 0.3, 0.5, 0.75, 1.0, 1.2, 10.0, 29.9}) {
        for (BondKind kind : {BondKind::par, BondKind::zero}) {
          for (int frequency : {1, 2, 4, 12}) {
            CAPTURE(years);
            CAPTURE(dt);
            CAPTURE(frequency);
            double gross[16];
            ConstantMaturityBond({years, kind, frequency}, kTenors, {}, dt).step_return({flat}, {flat}, gross);
            REQUIRE(gross[0] == Approx(std::exp(z * dt)).epsilon(1e-14));
            REQUIRE(gross[15] == gross[0]);
          }
        }
      }
    }
  }
}

TEST_CASE("a par bond's return is the price, one step later, of the bond bought at par") {
  LaneArray start = random_curves(1), end = random_curves(2);
  for (double years : {0.4, 2.0, 9.9, 10.0, 30.0}) {
    for (int frequency : {1, 2}) {
      double dt = 1.0 / 12;
      LaneArray gross(1, 32);
      ConstantMaturityBond({years, BondKind::par, frequency}, kTenors, {}, dt)
          .step_return({start}, {end}, gross.row(0));
      for (std::size_t lane = 0; lane < 32; ++lane) {
        double coupon = curve_of(start, lane).par_yield(years, frequency);
        double price = bond_price(curve_of(end, lane), years, coupon, frequency, dt);
        REQUIRE(gross(0, lane) == Approx(price).epsilon(1e-13));
      }
    }
  }
}

TEST_CASE("coupons within a long step are kept in cash") {
  LaneArray start = random_curves(3), end = random_curves(4), gross(1, 32);
  ConstantMaturityBond({3.0, BondKind::par, 2}, kTenors, {}, 1.0).step_return({start}, {end}, gross.row(0));
  YieldCurve before = curve_of(start, 7), after = curve_of(end, 7);
  double c = before.par_yield(3, 2) / 2;
  double expected = c * std::exp(before.zero_rate(1.0) * 0.5) + c + c * after.discount(0.5) + c * after.discount(1.0) +
                    c * after.discount(1.5) + (1 + c) * after.discount(2.0);
  CHECK(gross(0, 7) == Approx(expected).epsilon(1e-14));
}

TEST_CASE("a zero-coupon bond fund, and one that matures with the step") {
  LaneArray start = random_curves(5), end = random_curves(6), gross(1, 32);
  ConstantMaturityBond({5.0, BondKind::zero, 2}, kTenors, {}, 0.25).step_return({start}, {end}, gross.row(0));
  CHECK(gross(0, 3) == Approx(curve_of(end, 3).discount(4.75) / curve_of(start, 3).discount(5.0)).epsilon(1e-14));
  ConstantMaturityBond({0.25, BondKind::par, 2}, kTenors, {}, 0.25).step_return({start}, {end}, gross.row(0));
  CHECK(gross(0, 3) == Approx(1.0 / curve_of(start, 3).discount(0.25)).epsilon(1e-14));
}

TEST_CASE("each kind of asset takes its return from its own source") {
  AssetParameters equity, fund, cash, strip;
  equity.series = "x";
  fund.constant_maturity_years = 10;
  cash.cash = true;
  strip.zero_coupon_years = 2.0;
  equity.name = "equity", fund.name = "fund", cash.name = "cash", strip.name = "strip";
  AssetReturns returns(resolve_assets({cash, fund, equity, strip}, true), kTenors, {}, 0.5);
  LaneArray start = random_curves(8), end = random_curves(9), series(1, 32), cash_gross(1, 32), out(4, 32), bond(1, 32);
  series.fill(1.5);
  cash_gross.fill(1.01);
  ConstantMaturityBond({10, BondKind::par, 2}, kTenors, {}, 0.5).step_return({start}, {end}, bond.row(0));
  for (int step = 1; step <= 5; ++step) {
    returns.step({step, series, cash_gross.row(0), start, end}, out);
    CHECK(out(0, 31) == 1.01);
    CHECK(out(1, 31) == bond(0, 31));
    CHECK(out(2, 31) == 1.5);
    double left = 2.0 - 0.5 * (step - 1);
    double expected = left > 0 ? curve_of(end, 31).discount(left - 0.5) / curve_of(start, 31).discount(left) : 1.01;
    CHECK(out(3, 31) == Approx(expected).epsilon(1e-14));
  }
}

TEST_CASE("a coupon bond held: its own price step by step, coupons reinvested, then cash") {
  CashFlows bond{"bond", {0.4, 0.9, 1.4}, {0.03, 0.03, 1.03}, 0.01};
  LaneArray start = random_curves(10), end = random_curves(11), cash(1, 32), gross(1, 32), none;
  cash.fill(1.002);
  double dt = 0.5;
  auto price = [](const YieldCurve& curve, double t) { return std::exp(-(curve.zero_rate(t) + 0.01) * t); };
  for (std::size_t lane : {0, 13, 31}) {
    YieldCurve before = curve_of(start, lane), after = curve_of(end, lane);
    held_bond_step_return(bond, dt, kTenors, {}, {1, none, cash.row(0), start, end}, gross.row(0));
    double first = 0.03 * price(before, 0.4) + 0.03 * price(before, 0.9) + 1.03 * price(before, 1.4);
    double sold = 0.03 * std::exp(before.zero_rate(dt) * 0.1) + 0.03 * price(after, 0.4) + 1.03 * price(after, 0.9);
    CHECK(gross(0, lane) == Approx(sold / first).epsilon(1e-14));
    held_bond_step_return(bond, dt, kTenors, {}, {3, none, cash.row(0), start, end}, gross.row(0));
    double last = 1.03 * std::exp(before.zero_rate(dt) * 0.1) / (1.03 * price(before, 0.4));
    CHECK(gross(0, lane) == Approx(last).epsilon(1e-14));
    held_bond_step_return(bond, dt, kTenors, {}, {4, none, cash.row(0), start, end}, gross.row(0));
    CHECK(gross(0, lane) == 1.002);
  }
}

TEST_CASE("a swap is the fixed bond less the floating-rate note, and a fund of them cash and that") {
  LaneArray start = random_curves(12), end = random_curves(13), cash(1, 32), fund(1, 32);
  double dt = 1.0 / 12;
  AssetParameters overlay;
  overlay.name = "swaps";
  overlay.swap_overlay = SwapOverlayParameters{20, 4, 1};
  AssetReturns returns(resolve_assets({overlay}, true), kTenors, {}, dt);
  for (std::size_t lane = 0; lane < 32; ++lane) cash(0, lane) = std::exp(curve_of(start, lane).zero_rate(dt) * dt);
  LaneArray none;
  returns.step({1, none, cash.row(0), start, end}, fund);
  bool exhausted = false;
  for (std::size_t lane = 0; lane < 32; ++lane) {
    YieldCurve before = curve_of(start, lane), after = curve_of(end, lane);
    // The fixed leg at the swap rate, notional exchanged; the note pays dt's rate and is worth its notional then.
    double fixed = bond_price(after, 20, before.par_yield(20, 1), 1, dt), note = 1 / before.discount(dt);
    double expected = std::max(0.0, 1 / before.discount(dt) + 4 * (fixed - note));
    CHECK(fund(0, lane) == Approx(expected).epsilon(1e-12));
    exhausted = exhausted || expected == 0;
  }
  CHECK(exhausted);  // these curves jump by whole points: some funds lose all their collateral
}

TEST_CASE("rolling down a curve that stays: the forward rate is earned") {
  LaneArray curve(kTenors.size(), 16), gross(1, 16);
  for (std::size_t k = 0; k < kTenors.size(); ++k) {
    for (std::size_t lane = 0; lane < 16; ++lane) curve(k, lane) = 0.01 + 0.001 * kTenors[k];
  }
  double dt = 0.25;
  for (double years : {3.0, 8.0, 20.0}) {
    ConstantMaturityBond({years, BondKind::zero, 2}, kTenors, {}, dt).step_return({curve}, {curve}, gross.row(0));
    auto z = [](double t) { return 0.01 + 0.001 * t; };
    double forward = (z(years) * years - z(years - dt) * (years - dt)) / dt;
    CHECK(gross(0, 0) == Approx(std::exp(forward * dt)).epsilon(1e-14));
    CHECK(forward > z(years));  // carry and roll-down on a rising curve
  }
}

TEST_CASE("an index-linked zero with known inflation earns what the nominal one does") {
  LaneArray start = random_curves(14), end = random_curves(15), cash(1, 32), growth(1, 32), out(2, 32), none;
  LaneArray breakeven(kTenors.size(), 32);
  double dt = 0.25, inflation = 0.03;  // flat and certain: breakeven rates are the inflation to come
  breakeven.fill(inflation);
  growth.fill(std::exp(inflation * dt));
  AssetParameters linker, nominal;
  linker.name = "linker", nominal.name = "nominal";
  linker.inflation_linked = nominal.constant_maturity = ConstantMaturityParameters{8, BondKind::zero, 1};
  AssetReturns returns(resolve_assets({linker, nominal}, true), kTenors, {}, dt);
  CHECK(returns.follow_prices());
  returns.step({1, none, cash.row(0), start, end, &breakeven, &breakeven, growth.row(0)}, out);
  for (std::size_t lane = 0; lane < 32; ++lane) CHECK(out(0, lane) == Approx(out(1, lane)).epsilon(1e-13));
}

namespace {

/// Every construction of curves, as the curve at the valuation date would be made.
std::vector<CurveMethod> all_methods() {
  std::vector<CurveMethod> methods;
  for (Interpolation between : {Interpolation::linear_zero, Interpolation::log_linear_discount,
                                Interpolation::natural_cubic, Interpolation::monotone_convex}) {
    methods.push_back({between, Extrapolation::flat_forward});
  }
  methods.push_back({Interpolation::smith_wilson, Extrapolation::smith_wilson, 0.033, 0.12});
  methods.push_back({Interpolation::monotone_convex, Extrapolation::smith_wilson, 0.033, 0.12});
  methods.push_back({.interpolation = Interpolation::nelson_siegel, .decay_1 = 2.0});
  return methods;
}

}  // namespace

TEST_CASE("bonds are priced off simulated curves made as the curve at the valuation date was") {
  double dt = 1.0 / 12;
  LaneArray start = random_curves(20), end = random_curves(21), cash(1, 32), growth(1, 32), out(4, 32), none;
  LaneArray breakeven(kTenors.size(), 32), breakeven_after(kTenors.size(), 32);
  for (std::size_t k = 0; k < kTenors.size(); ++k) {
    for (std::size_t lane = 0; lane < 32; ++lane) {
      breakeven(k, lane) = 0.02 + 0.0003 * kTenors[k];
      breakeven_after(k, lane) = 0.022 - 0.0002 * kTenors[k];
    }
  }
  growth.fill(1.003);
  cash.fill(1.002);
  AssetParameters fund, strip, bond, linker;
  fund.name = "fund", strip.name = "strip", bond.name = "bond", linker.name = "linker";
  fund.constant_maturity = ConstantMaturityParameters{40, BondKind::par, 2};
  strip.zero_coupon_years = 7.3;
  bond.coupon_bond = CouponBondParameters{12.4, 0.04, 2, 0.01};
  linker.inflation_linked_bond = CouponBondParameters{12.4, 0.01, 1, 0.0};
  std::vector<Asset> assets = resolve_assets({fund, strip, bond, linker}, true);
  for (const CurveMethod& method : all_methods()) {
    CAPTURE(name_of(method.interpolation));
    YieldCurve like(kTenors, {0.01, 0.012, 0.015, 0.02, 0.025, 0.03}, method);
    AssetReturns returns(assets, kTenors, like, dt);
    returns.step({3, none, cash.row(0), start, end, &breakeven, &breakeven_after, growth.row(0)}, out);
    for (std::size_t lane : {0, 17, 31}) {
      auto made = [&](const LaneArray& rates) {
        std::vector<double> z;
        for (std::size_t k = 0; k < kTenors.size(); ++k) z.push_back(rates(k, lane));
        return YieldCurve(kTenors, z, method);
      };
      YieldCurve before = made(start), after = made(end), b(kTenors, made(breakeven).zero_rates()),
                 b_after(kTenors, made(breakeven_after).zero_rates());
      double rolled = bond_price(after, 40, before.par_yield(40, 2), 2, dt);
      CHECK(out(0, lane) == Approx(rolled).epsilon(1e-12));
      double left = 7.3 - 2 * dt;
      CHECK(out(1, lane) == Approx(after.discount(left - dt) / before.discount(left)).epsilon(1e-12));
      for (std::size_t held : {2, 3}) {
        auto price = [&](const YieldCurve& curve, const YieldCurve& less, double spread, double age) {
          double sum = 0.0;
          const CashFlows& flows = assets[held].held;
          for (std::size_t j = 0; j < flows.times.size(); ++j) {
            double t = flows.times[j] - age;
            double real = held == 3 ? less.zero_rate(t) : 0.0;
            sum += flows.amounts[j] * std::exp(-(curve.zero_rate(t) - real + spread) * t);
          }
          return sum;
        };
        double spread = held == 2 ? 0.01 : 0.0, grown = held == 3 ? 1.003 : 1.0;
        double expected = grown * price(after, b_after, spread, 3 * dt) / price(before, b, spread, 2 * dt);
        CHECK(out(held, lane) == Approx(expected).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("an index-linked bond held: what falls due is indexed to the step's end, then it is cash") {
  CashFlows bond{"linker", {0.4, 0.9}, {0.01, 1.01}, 0.0};
  LaneArray start = random_curves(22), end = random_curves(23), breakeven(kTenors.size(), 32), cash(1, 32),
            growth(1, 32), gross(1, 32), none;
  breakeven.fill(0.02);
  cash.fill(1.002);
  growth.fill(1.015);
  double dt = 0.5;
  auto step = [&](int number) {
    held_linked_bond_step_return(bond, dt, kTenors, {},
                                 {number, none, cash.row(0), start, end, &breakeven, &breakeven, growth.row(0)},
                                 gross.row(0));
    return gross(0, 5);
  };
  YieldCurve before = curve_of(start, 5), after = curve_of(end, 5);
  auto real = [](const YieldCurve& curve, double t) { return std::exp(-(curve.zero_rate(t) - 0.02) * t); };
  double bought = 0.01 * real(before, 0.4) + 1.01 * real(before, 0.9);
  double kept = 0.01 * std::exp((before.zero_rate(dt) - 0.02) * 0.1) + 1.01 * real(after, 0.4);
  CHECK(step(1) == Approx(1.015 * kept / bought).epsilon(1e-14));
  CHECK(step(3) == 1.002);
}
