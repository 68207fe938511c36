#pragma once

#include <span>
#include <vector>

#include "engine/liabilities/cash_flows.h"
#include "engine/liabilities/valuation_kernel.h"
#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"

namespace ballast {

/// Values liabilities on every scenario of a block at one time: the measures of valuation.h, of all the liabilities
/// together. Flows due at at_time or before (within kSameTime) were paid; one due at t is discounted over t - at_time.
///
/// Linear interpolation makes a flow's discount factor exp of two rates' weighted sum, one exp a flow (two for
/// modified duration, convexity and key rates when rates are compounded). Flows due at one time with one spread are
/// added first. A lane's numbers depend on its rates alone, not on its place or the instruction set.
class LiabilityValuer {
 public:
  /// curve_tenors: of the curves to come, ascending, years. at_time: years from the valuation date.
  /// full_measures: also modified duration, convexity and key rate durations at key_rates (which may be empty).
  LiabilityValuer(const std::vector<const CashFlows*>& liabilities, std::span<const double> curve_tenors,
                  double at_time, Compounding compounding, std::span<const double> key_rates, bool full_measures);

  /// Rows of the result.
  static constexpr std::size_t kPv = 0, kMacaulay = 1, kModified = 2, kConvexity = 3, kKeyRates = 4;
  std::size_t rows() const { return full_ ? kKeyRates + key_rate_count_ : kModified; }
  std::size_t flows() const { return flows_.size(); }  ///< still to come, after adding up

  /// zero_rates: [tenor][lane], continuous. out: rows() x the same lanes. Where PV is 0 the durations are NaN.
  void value(const LaneArray& zero_rates, LaneArray& out) const;

 private:
  std::size_t tenor_count_, key_rate_count_;
  bool full_, compounded_;
  std::vector<LaneFlow> flows_;
  std::vector<LaneSensitivity> sensitivities_;
  std::vector<FlowRun> runs_;
};

}  // namespace ballast
