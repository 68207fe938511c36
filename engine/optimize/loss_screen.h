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

  /// All losses, by position.
  void scan(const Eigen::VectorXd& weights, std::vector<double>& losses);

  /// After a scan; `losses`: as the last call left them. Losses of at least `floor` are exact, bit for bit what scan()
  /// gives; of the others some are upper bounds below it.
  void rescan(const Eigen::VectorXd& weights, double floor, std::vector<double>& losses);

  /// Of the rows, by position (loss_scan.h); after a scan.
  const std::vector<float>& spreads() const { return spreads_; }
  bool scanned() const { return weights_.size() > 0; }
  /// Mean absolute loss at the last weights; after rescan() at least that.
  double mean_absolute() const { return mean_absolute_; }

 private:
  const ScenarioSample& sample_;
  Eigen::VectorXd weights_;  ///< where the losses are
  std::vector<float> spreads_;
  double mean_spread_ = 0.0, mean_absolute_ = 0.0;
};

}  // namespace ballast
