#pragma once

#include <memory>
#include <span>
#include <vector>

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"

namespace ballast {

/// Zero rates at given times on a block of simulated curves, each made as the curve at the valuation date was: of its
/// rates at that curve's tenors, by its method. Linear methods (and the fits, their decays kept) are one matrix of
/// weights; Smith-Wilson is one on discount factors; monotone convex, and Smith-Wilson beyond another interpolation,
/// are worked out curve by curve.
class CurveMap {
 public:
  /// block_tenors: of the blocks to come; of them the tenors of `like` are used; all where some of those are not among
  /// them, or `like` is linear and flat outside. times: years, >= 0.
  CurveMap(std::span<const double> block_tenors, const YieldCurve& like, std::vector<double> times);

  std::size_t size() const { return times_.size(); }
  /// zero_rates: [block tenor][lane], of which lanes first .. first + out.lanes() - 1 are done. out: [time][lane].
  void evaluate(const LaneArray& zero_rates, std::size_t first, LaneArray& out) const;
  void evaluate(const LaneArray& zero_rates, LaneArray& out) const { evaluate(zero_rates, 0, out); }

 private:
  void weigh(const LaneArray& in, LaneArray& out) const;
  void smith_wilson(LaneArray& in, LaneArray& out) const;
  bool curve_by_curve() const;
  void each_alone(const LaneArray& in, LaneArray& out) const;

  struct Weight {
    std::size_t row;
    double weight;
  };
  CurveMethod method_;
  std::vector<double> tenors_, times_;
  std::vector<std::size_t> rows_;             ///< of the block, one a tenor
  std::vector<std::vector<Weight>> weights_;  ///< by time, without zeros
};

}  // namespace ballast
