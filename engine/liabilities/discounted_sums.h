#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/liabilities/valuation_kernel.h"
#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/curve_map.h"

namespace ballast {

/// What discounts on a block of scenarios: zero rates, less expected inflation where amounts are real, plus a spread
/// where they bear credit risk. Either is applied to the finished zero curve.
struct DiscountCurve {
  const LaneArray& zero_rates;           ///< [tenor][lane], continuous
  const LaneArray* breakeven = nullptr;  ///< [tenor][lane], continuous, linear between tenors; null: none
  const double* spread = nullptr;        ///< [lane], continuous, at all terms; null: none
};

/// Adds first and second, times exp(factor z(t) + shift), to two sums. factor: -t for a discount factor, -(T - t) for
/// another time's rate applied to that time, and so on.
struct DiscountedTerm {
  double t, factor, shift;
  double first, second;
};

/// Two sums over discounted amounts, on every lane of a block of curves. Between and beyond tenors a curve is made as
/// `like` is (curve_map.h). Cheapest with terms in order of t.
class DiscountedSums {
 public:
  /// tenors: of the blocks to come, ascending, years.
  DiscountedSums(std::span<const double> tenors, const YieldCurve& like, std::span<const DiscountedTerm> terms);

  /// first, second: [lane], padded.
  void evaluate(const DiscountCurve& curve, double* first, double* second) const;

 private:
  void set_rates(const DiscountCurve& curve, std::size_t from, LaneArray& rates) const;

  std::vector<double> tenors_;
  std::optional<CurveMap> map_;           ///< to the terms' times, where interpolation is not two weights a term
  std::vector<LinearWeights> at_tenors_;  ///< with a map: of the terms' times
  std::vector<LaneFlow> flows_;
  std::vector<FlowRun> runs_;
};

}  // namespace ballast
