#pragma once

#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/scenario_sample.h"

namespace ballast {

/// Losses of a sample at one point after another, without reading again the rows of scenarios whose loss cannot have
/// come near the tail (row_losses_and_spreads bounds how far a step moves them). Of several ranks all call each
/// function at once.
class LossScreen {
 public:
  explicit LossScreen(const ScenarioSample& sample) : sample_(sample) {}

  /// All losses, by position. movable: 1 for each asset that the next steps may change, else 0; the fewer, the closer
  /// the bounds.
  void scan(const Eigen::VectorXd& weights, const Eigen::VectorXd& movable, Losses& losses);

  /// After a scan; `losses`: as the last call left them. Losses of at least `floor` are exact, bit for bit what scan()
  /// gives; of the others some are upper bounds below it. A step of other assets than the last scan's movable ones
  /// makes it a scan with these.
  void rescan(const Eigen::VectorXd& weights, double floor, const Eigen::VectorXd& movable, Losses& losses);

  /// Of the rows, by position (loss_scan.h); after a scan.
  const Spreads& spreads() const { return spreads_; }
  bool scanned() const { return weights_.size() > 0; }
  /// Mean absolute loss at the last weights; after rescan() at least that.
  double mean_absolute() const { return mean_absolute_; }

 private:
  const ScenarioSample& sample_;
  Eigen::VectorXd weights_;  ///< where the losses are
  Eigen::VectorXd movable_;  ///< what the spreads are over
  Spreads spreads_;
  double mean_spread_ = 0.0, mean_absolute_ = 0.0;
};

}  // namespace ballast
