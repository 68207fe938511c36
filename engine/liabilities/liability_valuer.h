#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/liabilities/cash_flows.h"
#include "engine/liabilities/valuation_kernel.h"
#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/curve_map.h"

namespace ballast {

/// A flow whose amount differs between scenarios.
struct LaneAmount {
  double time = 0.0;  ///< still to run, > 0
  double spread = 0.0;
  const double* amount = nullptr;    ///< [lane]
  const double* exposure = nullptr;  ///< [lane], amount x its exposure to breakeven rates; null: none
};

/// A flow of the same amount in all scenarios.
struct KnownFlow {
  double time = 0.0;  ///< still to run, > 0
  double spread = 0.0, amount = 0.0;
};

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
  /// like: the curves are made as this one is (null: linear zero rates, flat outside).
  /// inflation: of full measures, also the inflation duration, in the last row.
  LiabilityValuer(const std::vector<const CashFlows*>& liabilities, std::span<const double> curve_tenors,
                  double at_time, Compounding compounding, std::span<const double> key_rates, bool full_measures,
                  bool inflation = false, const YieldCurve* like = nullptr);

  /// Rows of the result.
  static constexpr std::size_t kPv = 0, kMacaulay = 1, kModified = 2, kConvexity = 3, kKeyRates = 4;
  std::size_t rows() const { return full_ ? kKeyRates + key_rate_count_ + (inflation_ ? 1 : 0) : kModified; }
  std::size_t inflation_row() const { return kKeyRates + key_rate_count_; }  ///< where there is one
  std::size_t flows() const { return flows_.size(); }                        ///< still to come, after adding up

  /// zero_rates: [tenor][lane], continuous. out: rows() x the same lanes. Where PV is 0 the durations are NaN.
  /// further: flows beside those of the liabilities.
  void value(const LaneArray& zero_rates, LaneArray& out, std::span<const LaneAmount> further = {}) const;

  /// [PV(-1 bp) - PV(+1 bp)] / 2 into out [lane]: everything valued anew at zero rates a basis point down and up, as
  /// compounded, of the finished curve. Over PV and a basis point it is the effective duration. Full measures only;
  /// about three times the cost of value().
  void dv01(const LaneArray& zero_rates, double* out, std::span<const LaneAmount> further = {}) const;

 private:
  class Revaluation;
  void sum_flows(const LaneArray& zero_rates, LaneArray& sums) const;
  LaneArray rates_at(std::span<const LaneAmount> flows, const LaneArray& zero_rates) const;
  void add(const LaneAmount& flow, double* rate, LaneArray& sums) const;

  std::vector<double> tenors_, key_rates_;
  std::size_t key_rate_count_;
  double period_;  ///< between compoundings, in years; 0: continuous
  bool full_, inflation_;
  std::vector<LaneFlow> flows_;
  std::vector<LaneSensitivity> sensitivities_;
  std::vector<FlowRun> runs_;
  std::vector<KnownFlow> known_;  ///< of flows_; with full measures
  std::optional<YieldCurve> like_;
  std::optional<CurveMap> map_;  ///< from tenors to the times of flows_, where interpolation is not two weights a flow
  std::optional<CurveMap> known_map_;  ///< the same whatever the interpolation; with full measures
};

}  // namespace ballast
