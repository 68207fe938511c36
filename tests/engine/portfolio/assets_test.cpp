#include "engine/portfolio/assets.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/portfolio/rate_sensitivity.h"
#include "scenarios/base/error.h"

using namespace ballast;
using doctest::Approx;

namespace {

AssetParameters series(const char* name, const char* column) {
  AssetParameters a;
  a.name = name;
  a.series = column;
  return a;
}

AssetParameters cash() {
  AssetParameters a;
  a.name = "cash";
  a.cash = true;
  return a;
}

AssetParameters bond(const char* name, double years) {
  AssetParameters a;
  a.name = name;
  a.constant_maturity_years = years;
  return a;
}

}  // namespace

TEST_CASE("study entries become assets, and series are numbered in their order") {
  AssetParameters zero;
  zero.name = "strip";
  zero.zero_coupon_years = 7.5;
  AssetParameters quarterly;
  quarterly.name = "quarterly";
  quarterly.constant_maturity = ConstantMaturityParameters{5, BondKind::par, 4};
  std::vector<Asset> assets =
      resolve_assets({series("a", "col_a"), bond("b", 10), series("c", "col_c"), zero, quarterly, cash()}, true);
  CHECK(series_columns(assets) == std::vector<std::string>{"col_a", "col_c"});
  CHECK(assets[2].series_index == 1);
  CHECK(assets[1].kind == AssetKind::constant_maturity);
  CHECK(assets[1].bond.years == 10);
  CHECK(assets[1].bond.frequency == 2);
  CHECK(assets[3].kind == AssetKind::held_bond);
  CHECK(assets[3].held.times == std::vector<double>{7.5});
  CHECK(assets[4].bond.frequency == 4);
  CHECK(assets[5].kind == AssetKind::cash);
}

TEST_CASE("all that is wrong with assets is said at once") {
  try {
    resolve_assets({series("a", "x"), bond("a", 10), cash()}, false);
    FAIL("accepted");
  } catch (const InputError& error) {
    REQUIRE(error.problems().size() == 3);
    CHECK(error.problems()[0].key_path == "assets[1].name");
    CHECK(error.problems()[1].key_path == "assets[1].constant_maturity_years");
    CHECK(error.problems()[2].key_path == "assets[2].cash");
  }
}

TEST_CASE("an entry is exactly one kind of asset") {
  auto problems = [](const AssetParameters& a) {
    int count = 0;
    a.check([&](const char*, const std::string&) { ++count; });
    return count;
  };
  AssetParameters none, two = cash(), zero;
  two.zero_coupon_years = 3;
  zero.zero_coupon_years = 3;
  CHECK(problems(none) == 1);
  CHECK(problems(two) == 1);
  CHECK(problems(zero) == 0);
  CHECK(problems(cash()) == 0);
}

namespace {

AssetParameters coupon_bond(const CouponBondParameters& parameters) {
  AssetParameters a;
  a.name = "held";
  a.coupon_bond = parameters;
  return a;
}

AssetParameters swaps(double years, double notional) {
  AssetParameters a;
  a.name = "swaps";
  a.swap_overlay = SwapOverlayParameters{years, notional, 2};
  return a;
}

const std::vector<double> kNodes = {1, 5, 10, 30};

}  // namespace

TEST_CASE("durations and convexities of assets are those of re-pricing after a shift of the quoted rates") {
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035});
  std::vector<AssetParameters> parameters = {series("equity", "x"),           bond("long", 15), swaps(20, 3), cash(),
                                             coupon_bond({7, 0.06, 1, 0.01}), bond("bill", 0.4)};
  std::vector<Asset> assets = resolve_assets(parameters, true);
  CHECK_FALSE(asset_flows(assets[0], curve, {}));
  for (Compounding compounding : {Compounding::annual, Compounding::semiannual, Compounding::continuous}) {
    for (std::size_t a : {1, 2, 3, 4, 5}) {
      CAPTURE(parameters[a].name);
      AssetFlows flows = *asset_flows(assets[a], curve, {});
      CHECK(flows.value(curve) == Approx(1.0).epsilon(1e-14));
      // A finely sampled curve: the shift of quoted rates is not linear between tenors.
      auto shifted = [&](double shift) {
        double value = flows.on_call;
        for (std::size_t j = 0; j < flows.flows.times.size(); ++j) {
          double t = flows.flows.times[j];
          double z = to_continuous(from_continuous(curve.zero_rate(t), compounding) + shift, compounding);
          value += flows.flows.amounts[j] * std::exp(-(z + flows.flows.spread) * t);
        }
        return value;
      };
      double h = 1e-4;
      AssetMeasures measures = measure(flows, curve, compounding, kNodes);
      CHECK(measures.modified_duration == Approx((shifted(-h) - shifted(h)) / (2 * h)).epsilon(1e-5));
      CHECK(measures.convexity == Approx((shifted(h) - 2 + shifted(-h)) / (h * h)).epsilon(1e-5));
      double sum = 0;
      for (double d : measures.key_rate_durations) sum += d;
      CHECK(sum == Approx(measures.modified_duration).epsilon(1e-12));
    }
  }
  CHECK(measure(*asset_flows(assets[3], curve, {}), curve, Compounding::annual, kNodes).modified_duration == 0);
}

TEST_CASE("a coupon bond bought at par with its spread is worth its face") {
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035});
  std::vector<AssetParameters> parameters = {coupon_bond({10, std::nullopt, 2, 0.015})};
  std::vector<Asset> assets = resolve_assets(parameters, true);
  buy_par_bonds(assets, parameters, curve, {});
  double price = 0;
  for (std::size_t j = 0; j < assets[0].held.times.size(); ++j) {
    double t = assets[0].held.times[j];
    price += assets[0].held.amounts[j] * std::exp(-(curve.zero_rate(t) + 0.015) * t);
  }
  CHECK(price == Approx(1).epsilon(1e-14));
  CHECK(assets[0].held.times.size() == 20);
}

TEST_CASE("what a series does to rates: declared, regressed, taken for none, or not known") {
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035});
  MarketHistory history;
  history.tenors = {1, 10};
  history.zero_rates.resize(61, 2);
  history.returns.resize(60, 2);
  history.zero_rates.row(0) << 0.02, 0.03;
  for (int t = 0; t < 60; ++t) {
    double dz = 0.003 * std::sin(1.7 * t * t);
    history.dates.push_back(Date{t});
    history.zero_rates.row(t + 1) << history.zero_rates(t, 0) + 0.002 * std::sin(0.9 * t),
        history.zero_rates(t, 1) + dz;
    history.returns(t, 0) = 0.05 * std::sin(2.3 * t * t + 1);
    history.returns(t, 1) = std::expm1(-8 * dz + 0.0003 * std::cos(3.1 * t * t));
  }
  AssetParameters equity = series("equity", "x"), bonds = series("bonds", "y");
  auto exposure = [&](std::optional<DurationParameter> duration, std::size_t of) {
    bonds.duration = duration;
    std::vector<AssetParameters> parameters = {equity, bonds};
    return rate_exposures(resolve_assets(parameters, true), parameters, curve, {}, history)[of];
  };
  CHECK(exposure({}, 0).source == DurationSource::undeclared);
  CHECK(exposure({}, 0).price_change(curve, YieldCurve({1, 30}, {0.2, 0.2})) == 0);
  CHECK(exposure({}, 1).source == DurationSource::unknown);
  RateExposure regressed = exposure(DurationParameter{}, 1);
  CHECK(regressed.series.duration == Approx(8).epsilon(0.02));
  CHECK(regressed.series.tenor == 10);
  RateExposure declared = exposure(DurationParameter{6.0}, 1);
  // The key rates around six years share its duration; a declared one is of continuous rates.
  AssetMeasures m = declared.measures(curve, Compounding::continuous, kNodes);
  CHECK(m.modified_duration == 6);
  CHECK(m.key_rate_durations[1] == Approx(4.8));
  CHECK(m.key_rate_durations[2] == Approx(1.2));
  double z = curve.zero_rate(6);
  CHECK(declared.measures(curve, Compounding::annual, kNodes).modified_duration == Approx(6 * std::exp(-z)));
}

TEST_CASE("an index-linked bond: a shift of expected inflation undoes one of nominal rates") {
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035}), breakeven({1, 5, 30}, {0.02, 0.018, 0.022});
  AssetParameters linker;
  linker.name = "linker";
  linker.inflation_linked = ConstantMaturityParameters{15, BondKind::par, 1};
  std::vector<AssetParameters> parameters = {linker};
  RateExposure exposure = rate_exposures(resolve_assets(parameters, true), parameters, curve, breakeven, {})[0];
  CHECK(exposure.flows->value(curve) == Approx(1).epsilon(1e-14));
  YieldCurve up({1, 5, 30}, {0.03, 0.04, 0.045});
  CHECK(exposure.price_change(curve, up, 0.01) == Approx(0).epsilon(1e-12));
  CHECK(exposure.price_change(curve, up) < -0.1);
  // Real rates of 0 to 1.3%: longer than the nominal par bond of its maturity.
  AssetParameters nominal;
  nominal.name = "nominal";
  nominal.constant_maturity = linker.inflation_linked;
  AssetFlows bond = *asset_flows(resolve_assets({nominal}, true)[0], curve, {});
  CHECK(exposure.measures(curve, Compounding::annual, kNodes).modified_duration >
        measure(bond, curve, Compounding::annual, kNodes).modified_duration);
}

TEST_CASE("held bonds are bought at par on the curve as it is made; linked ones on the real curve") {
  CurveMethod method{Interpolation::monotone_convex, Extrapolation::flat_forward};
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035}, method), breakeven({1, 5, 30}, {0.02, 0.018, 0.022});
  AssetParameters linker;
  linker.name = "linker";
  linker.inflation_linked_bond = CouponBondParameters{12, std::nullopt, 2, 0.0};
  std::vector<AssetParameters> parameters = {coupon_bond({10, std::nullopt, 2, 0.015}), linker};
  std::vector<Asset> assets = resolve_assets(parameters, true);
  buy_par_bonds(assets, parameters, curve, breakeven);
  for (std::size_t a : {0, 1}) {
    double price = 0;
    for (std::size_t j = 0; j < assets[a].held.times.size(); ++j) {
      double t = assets[a].held.times[j];
      double z = a == 0 ? curve.zero_rate(t) + 0.015 : curve.zero_rate(t) - breakeven.zero_rate(t);
      price += assets[a].held.amounts[j] * std::exp(-z * t);
    }
    CHECK(price == Approx(1).epsilon(1e-14));
  }
  // In money, it is expected to pay the real amounts grown at breakeven rates.
  AssetFlows flows = *asset_flows(assets[1], curve, breakeven);
  CHECK(flows.indexed);
  CHECK(flows.value(curve) == Approx(1).epsilon(1e-14));
  CHECK(flows.flows.amounts.back() ==
        Approx(assets[1].held.amounts.back() * std::exp(12 * breakeven.zero_rate(12))).epsilon(1e-14));
  CHECK(flows.value(curve, 0.01) > 1.1);
}
