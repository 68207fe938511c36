#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "engine/liabilities/liability_path.h"
#include "engine/liabilities/valuation.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {0.25, 1, 2, 5, 10, 20, 30};
constexpr std::size_t kLanes = 16;

LaneArray curves(double level) {
  LaneArray rates(kTenors.size(), kLanes);
  for (std::size_t k = 0; k < kTenors.size(); ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      rates(k, lane) = level + 0.003 * double(lane) + 0.004 * std::log1p(kTenors[k]) * (lane % 3 == 0 ? -1 : 1);
    }
  }
  return rates;
}

/// The zero rate of a lane at t when annual rates are `shift` higher.
double zero_rate(const LaneArray& rates, std::size_t lane, double t, double shift) {
  std::vector<double> z;
  for (std::size_t k = 0; k < rates.rows(); ++k) z.push_back(rates(k, lane));
  return std::log(std::exp(YieldCurve(kTenors, z).zero_rate(t)) + shift);
}

double discount(const LaneArray& rates, std::size_t lane, double t, double shift) {
  return std::exp(-zero_rate(rates, lane, t, shift) * t);
}

/// A quarterly floating loan of 1,000 over six years with a margin of 1%.
LiabilityTerms floating_loan() {
  LiabilityTerms loan;
  for (int k = 1; k <= 24; ++k) {
    loan.fixed.times.push_back(k / 4.0);
    loan.fixed.amounts.push_back(2.5 + (k == 24 ? 1000 : 0));
    loan.floating.push_back({(k - 1) / 4.0, k / 4.0, 1000});
  }
  return loan;
}

/// What the loan is worth at `now` when rates are `shift` higher, and the rates that its coupons are projected on
/// `projected`: each coupon from its forward rate, the one of the period under way as it was fixed.
double loan_value(const LaneArray& rates, std::size_t lane, double now, double fixed, double shift, double projected) {
  double pv = 0;
  for (int k = 1; k <= 24; ++k) {
    const double start = (k - 1) / 4.0 - now, end = k / 4.0 - now;
    if (end <= 1e-9) continue;
    const double coupon =
        start < 1e-9 ? fixed
                     : 1000 * (discount(rates, lane, start, projected) / discount(rates, lane, end, projected) - 1);
    pv += (coupon + 2.5 + (k == 24 ? 1000 : 0)) * discount(rates, lane, end, shift);
  }
  return pv;
}

}  // namespace

TEST_CASE("of fixed flows the effective duration is the slow re-valuation's, and near the modified one") {
  for (const Compounding compounding : {Compounding::annual, Compounding::semiannual, Compounding::continuous}) {
    for (const Interpolation interpolation : {Interpolation::linear_zero, Interpolation::monotone_convex}) {
      CashFlows pensions{"pensions", {}, {}, 0.004}, debt{"debt", {2.5, 7}, {-20, -300}, 0.0};
      for (int m = 1; m <= 500; ++m) pensions.times.push_back(m / 12.0), pensions.amounts.push_back(100 + m % 7);
      const LaneArray rates = curves(0.015);
      auto curve = [&](std::size_t lane) {
        std::vector<double> z;
        for (std::size_t k = 0; k < kTenors.size(); ++k) z.push_back(rates(k, lane));
        CurveMethod method;
        method.interpolation = interpolation;
        return YieldCurve(kTenors, z, method);
      };
      const YieldCurve like = curve(0);
      LiabilityValuer valuer({&pensions, &debt}, kTenors, 0.0, compounding, {}, true, false, &like);
      LaneArray out(valuer.rows(), kLanes), dv01(1, kLanes);
      valuer.value(rates, out);
      valuer.dv01(rates, dv01.row(0));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const LiabilityMeasures slow =
            measure_total(std::vector<CashFlows>{pensions, debt}, curve(lane), compounding, {});
        REQUIRE(dv01(0, lane) == Approx(slow.dv01).epsilon(1e-10));
        const double effective = dv01(0, lane) / kBasisPoint / out(LiabilityValuer::kPv, lane);
        REQUIRE(effective == Approx(slow.effective_duration).epsilon(1e-10));
        REQUIRE(effective == Approx(out(LiabilityValuer::kModified, lane)).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("of floating interest the effective duration moves the coupons too: a quarter, not six years") {
  // Two steps a quarter: at step 3 the second period is under way, its rate fixed by the curve of step 2.
  MeasureParameters measures;
  LiabilityPlan plan({floating_loan()}, kTenors, {}, 8, 48, {{0, true, false}, {3, true, false}}, measures);
  const LaneArray start = curves(0.01), at_fixing = curves(0.014), now = curves(0.02);
  LaneArray cash(1, kLanes), out(plan.valuer(0)->rows(), kLanes), dv01(1, kLanes);
  cash.fill(1.0);
  LiabilityPath path(plan, kLanes, {start});
  auto check = [&](const LaneArray& rates, double time) {
    path.value({rates}, out, dv01.row(0));
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double fixed = 1000 * (1 / discount(time > 0 ? at_fixing : rates, lane, 0.25, 0) - 1);
      auto value = [&](double shift, double projected) {
        return loan_value(rates, lane, time, fixed, shift, projected);
      };
      const double down = value(-kBasisPoint, -kBasisPoint), up = value(kBasisPoint, kBasisPoint), pv = value(0, 0);
      REQUIRE(out(LiabilityValuer::kPv, lane) == Approx(pv).epsilon(1e-12));
      REQUIRE(dv01(0, lane) == Approx((down - up) / 2).epsilon(1e-8));
      const double effective = dv01(0, lane) / kBasisPoint / pv;
      CHECK(effective < 0.45);  // the margin's few years beside the quarter under way
      CHECK(effective == Approx(out(LiabilityValuer::kModified, lane)).epsilon(1e-6));
      // Coupons held as projected would make it a bond of the loan's whole term.
      const double held = (value(-kBasisPoint, 0) - value(kBasisPoint, 0)) / (2 * kBasisPoint * pv);
      CHECK(held > effective + 4);
    }
  };
  check(start, 0.0);
  for (const LaneArray* rates : {&start, &at_fixing, &now}) path.step({*rates}, cash.row(0));
  check(now, 3 / 8.0);
}
