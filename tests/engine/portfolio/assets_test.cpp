#include "engine/portfolio/assets.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"

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
  CHECK(assets[3].kind == AssetKind::zero_coupon);
  CHECK(assets[3].zero_coupon_years == 7.5);
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
    a.check([&](const char*, const char*) { ++count; });
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

TEST_CASE("durations of assets: those of re-pricing after a shift of the quoted rates") {
  YieldCurve curve({1, 5, 30}, {0.02, 0.03, 0.035});
  std::vector<Asset> assets = resolve_assets({series("equity", "x"), bond("long", 15), cash()}, true);
  CHECK_FALSE(modified_duration(assets[0], curve, Compounding::annual, 1.0 / 12));
  double h = 1e-5, coupon = curve.par_yield(15, 2);
  auto shifted = [&](double shift) {
    double price = 0.0;
    CouponSchedule schedule = coupon_schedule(15, 2);
    for (std::size_t k = 0; k < schedule.times.size(); ++k) {
      double t = schedule.times[k];
      double flow = coupon * schedule.fractions[k] + (k + 1 == schedule.times.size() ? 1.0 : 0.0);
      price += flow * std::pow(std::exp(curve.zero_rate(t)) + shift, -t);
    }
    return price;
  };
  CHECK(shifted(0) == Approx(1.0).epsilon(1e-14));
  CHECK(*modified_duration(assets[1], curve, Compounding::annual, 1.0 / 12) ==
        Approx((shifted(-h) - shifted(h)) / (2 * h)).epsilon(1e-8));
  CHECK(*modified_duration(assets[2], curve, Compounding::continuous, 0.25) == 0.25);
}
