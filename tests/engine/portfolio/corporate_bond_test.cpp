#include "engine/portfolio/corporate_bond.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/portfolio/asset_flows.h"
#include "scenarios/market/bond.h"
#include "scenarios/market/history.h"
#include "tests/folders.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {0.25, 1, 5, 10, 30};
constexpr double kStep = 1.0 / 12;

CorporateBondParameters fund(double years, double default_rate = 0.0) {
  CorporateBondParameters parameters;
  parameters.years = years;
  parameters.spread = "bbb";
  parameters.default_rate = default_rate;
  return parameters;
}

/// One lane of `rates` as a curve with a spread on top, whatever lies between the tenors.
class SpreadCurve {
 public:
  SpreadCurve(const YieldCurve& curve, double spread) : curve_(curve), spread_(spread) {}
  double zero_rate(double t) const { return curve_.zero_rate(t) + spread_; }
  /// Of the bond bought at par on another curve, one step after issue.
  double aged_price(double years, double coupon) const {
    CouponSchedule schedule = coupon_schedule(years, 2);
    double price = 0.0;
    for (std::size_t k = 0; k < schedule.times.size(); ++k) {
      double t = schedule.times[k] - kStep;
      price += (coupon * schedule.fractions[k] + (k + 1 == schedule.times.size())) * std::exp(-zero_rate(t) * t);
    }
    return price;
  }

 private:
  const YieldCurve& curve_;
  double spread_;
};

}  // namespace

TEST_CASE("a corporate bond fund: bought at par at curve plus spread, aged, sold, less expected losses") {
  LaneArray start(kTenors.size(), 16), end(kTenors.size(), 16), spreads(1, 16), wider(1, 16), gross(1, 16), none;
  for (std::size_t lane = 0; lane < 16; ++lane) {
    for (std::size_t k = 0; k < kTenors.size(); ++k) {
      start(k, lane) = 0.02 + 0.0006 * kTenors[k] * double(lane % 5) / 5;
      end(k, lane) = start(k, lane) + 0.001 * (double(lane) - 8);
    }
    spreads(0, lane) = 0.01 + 0.001 * double(lane);
    wider(0, lane) = 0.012 + 0.0007 * double(lane);
  }
  MarketStep market{1, none, nullptr, start, end};
  market.start_spreads = &spreads;
  market.end_spreads = &wider;
  for (Interpolation between : {Interpolation::linear_zero, Interpolation::monotone_convex}) {
    CurveMethod method{between, Extrapolation::flat_zero};
    YieldCurve like(kTenors, std::vector<double>(kTenors.size(), 0.02), method);
    CorporateBondParameters parameters = fund(7.3, 0.01);
    parameters.downgrade_loss = 0.001;
    CorporateBondFund(parameters, kTenors, like, kStep).step_return(market, 0, gross.row(0));
    for (std::size_t lane : {0, 7, 15}) {
      std::vector<double> before, after;
      for (std::size_t k = 0; k < kTenors.size(); ++k) before.push_back(start(k, lane)), after.push_back(end(k, lane));
      YieldCurve from(kTenors, before, method), to(kTenors, after, method);
      SpreadCurve bought(from, spreads(0, lane)), sold(to, wider(0, lane));
      double coupon = par_coupon(7.3, 2, [&](double t) { return bought.zero_rate(t); });
      double kept = std::pow(1 - (0.01 * 0.6 + 0.001), kStep);  // 40% of what defaults is recovered
      CHECK(gross(0, lane) == Approx(kept * sold.aged_price(7.3, coupon)).epsilon(1e-12));
    }
  }
}

TEST_CASE("on a flat curve and a spread that stay, the fund earns its yield less its losses") {
  LaneArray flat(kTenors.size(), 16), spread(1, 16), gross(1, 16), none;
  flat.fill(0.03);
  spread.fill(0.015);
  MarketStep market{1, none, nullptr, flat, flat};
  market.start_spreads = market.end_spreads = &spread;
  CorporateBondFund(fund(10, 0.005), kTenors, {}, kStep).step_return(market, 0, gross.row(0));
  CHECK(gross(0, 3) == Approx(std::exp(0.045 * kStep) * std::pow(1 - 0.003, kStep)).epsilon(1e-13));
  // Spread by half a point: about the spread duration, over a step without losses.
  LaneArray wide(1, 16);
  wide.fill(0.02);
  market.end_spreads = &wide;
  CorporateBondFund(fund(10), kTenors, {}, kStep).step_return(market, 0, gross.row(0));
  Asset asset;
  asset.kind = AssetKind::corporate_bond;
  asset.corporate = fund(10);
  YieldCurve curve(kTenors, std::vector<double>(kTenors.size(), 0.03));
  const double now[] = {0.015};
  AssetMeasures measures = measure(*asset_flows(asset, curve, {}, now), curve, Compounding::continuous, {});
  double expected = 0.045 * kStep - 0.005 * measures.modified_duration + measures.convexity * 0.005 * 0.005 / 2;
  CHECK(gross(0, 3) - 1 == Approx(expected).epsilon(0.02));
}

TEST_CASE("the sample data's corporate bonds are such a fund on the sample curves and spreads") {
  InputFiles files(source_folder() + "/data");
  MarketParameters market;
  market.returns = SeriesFile{.file = {"market_returns_monthly.csv"}, .unit = {}, .missing = {}};
  market.curve_history.emplace();
  market.curve_history->file = {"yield_curve_monthly.csv"};
  market.spreads = SpreadFile{{"credit_spreads_monthly.csv"}, {}, {}};
  MarketHistory h = read_history(market, {"corporate_bonds"}, 12, {}, files, {"investment_grade"});
  REQUIRE(h.periods() == 360);
  REQUIRE(h.spreads.rows() == 361);
  CorporateBondParameters parameters = fund(6);
  parameters.downgrade_loss = 0.005;
  CorporateBondFund corporate(parameters, h.tenors, {}, kStep);
  LaneArray start(h.tenors.size(), 16), end(h.tenors.size(), 16), spread(1, 16), wider(1, 16), gross(1, 16), none;
  MarketStep step{1, none, nullptr, start, end};
  step.start_spreads = &spread;
  step.end_spreads = &wider;
  double bias = 0.0, square = 0.0;
  for (Eigen::Index t = 0; t < h.periods(); ++t) {
    for (std::size_t k = 0; k < h.tenors.size(); ++k) {
      start(k, 0) = h.zero_rates(t, Eigen::Index(k));
      end(k, 0) = h.zero_rates(t + 1, Eigen::Index(k));
    }
    spread(0, 0) = h.spreads(t, 0);
    wider(0, 0) = h.spreads(t + 1, 0);
    corporate.step_return(step, 0, gross.row(0));
    double difference = gross(0, 0) - 1 - h.returns(t, 0);
    bias += difference / 360;
    square += difference * difference / 360;
  }
  CHECK(std::abs(bias) < 1e-4);     // a basis point a month: the data roll each day
  CHECK(std::sqrt(square) < 5e-4);  // of a monthly volatility of 1.6%
}
