#pragma once

#include <span>
#include <vector>

#include "engine/liabilities/valuation_kernel.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// Two sums over discounted amounts, on every lane of a block of curves:
///     first = sum of a_k exp(factor_k z(t_k) + shift_k),   second = sum of b_k exp(factor_k z(t_k) + shift_k)
/// with z interpolated linearly between the tenors and flat outside. Cheapest when terms are added in order of t.
class DiscountedSums {
 public:
  DiscountedSums() = default;
  explicit DiscountedSums(std::span<const double> tenors) : tenors_(tenors.begin(), tenors.end()) {}

  /// One term. factor: -t for a discount factor, -(T - t) for another time's rate applied to that time, and so on.
  void add(double t, double factor, double shift, double a, double b);

  /// zero_rates: [tenor][lane], continuous; first and second: [lane], padded.
  void evaluate(const LaneArray& zero_rates, double* first, double* second) const;

 private:
  std::vector<double> tenors_;
  std::vector<LaneFlow> flows_;
  std::vector<FlowRun> runs_;
};

}  // namespace ballast
