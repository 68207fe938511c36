#pragma once

#include <vector>

#include <Eigen/Core>

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/history.h"
#include "scenarios/models/innovations.h"

namespace ballast {

/// How innovations move the yield curve. With y = g(z), g the scale of `curve_changes.kind`, and V the principal
/// components of the history's changes of y (Litterman & Scheinkman 1991), the scores s = V'(y - mean) follow
///     s[t+1] = target + phi (s[t] - target) + e[t+1],  phi = exp(-speed dt),
/// one component at a time, and e are the innovations that models draw. With all components this is the full-curve
/// change of a past date, damped (Rebonato et al. 2005); with K it is the change's first K components. The initial
/// curve is met exactly at its own tenors: what the history's tenors do not show of it is added unchanged.
class CurveDynamics {
 public:
  /// No curve at all.
  CurveDynamics() = default;
  /// A curve that moves as the history did; without a curve history (or kind: none) it keeps its level and shape.
  /// step_years: dt. Errors: key_error on scenarios.curve_changes for rates that the scale cannot take.
  CurveDynamics(const MarketHistory& history, const YieldCurve& initial, const CurveChangeParameters& parameters,
                double step_years);

  bool moves() const { return loadings_.cols() > 0; }
  const std::vector<double>& tenors() const {
    return tenors_;
  }  ///< of the simulated curve: the history's and the initial's
  int components() const { return int(loadings_.cols()); }
  /// T x K: the history's own e.
  const Eigen::MatrixXd& innovations() const { return innovations_; }

  LaneArray start_scores(std::size_t lanes) const;
  LaneArray start_curve(std::size_t lanes) const;  ///< [tenor][lane], continuous zero rates
  /// One step: scores and innovations are [component][lane] (innovations from row `first` on), zero_rates
  /// [tenor][lane].
  void step(LaneArray& scores, const LaneArray& innovations, std::size_t first, LaneArray& zero_rates) const;

  FitTable fit_table() const;

 private:
  CurveChangeKind kind_ = CurveChangeKind::none;
  double shift_ = 0.0;
  double step_years_ = 0.0;
  std::optional<double> floor_;
  std::vector<double> tenors_, initial_zero_rates_;
  std::vector<LinearWeights> to_history_tenor_;  ///< of each simulated tenor among the history's
  std::vector<double> basis_;                    ///< initial curve less its interpolation from the history's tenors
  Eigen::VectorXd anchor_;                       ///< M: the part of y that the scores leave alone
  Eigen::MatrixXd loadings_;                     ///< M x K
  Eigen::VectorXd start_, target_, phi_, variance_share_;  ///< K
  Eigen::MatrixXd innovations_;
};

}  // namespace ballast
