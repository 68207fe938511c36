#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "scenarios/random/sampling.h"

namespace ballast {

/// What decides how precisely a set of scenarios estimates: the probability of each, which were drawn together, and
/// what the probabilities were chosen to fix.
struct ScenarioWeights {
  ScenarioWeights() = default;
  ScenarioWeights(std::span<const double> of_each) : probability(of_each) {}     // NOLINT: implicit
  ScenarioWeights(const std::vector<double>& of_each) : probability(of_each) {}  // NOLINT: implicit

  std::span<const double> probability;  ///< one a scenario; empty: equal. The sum is divided out
  Replications replications;
  /// Scenarios x K functions whose means the probabilities hold at given values (views); null: none.
  const Eigen::MatrixXd* fixed = nullptr;

  bool independent() const { return replications.independent() && fixed == nullptr; }
};

/// The first-order standard error of an estimate whose error is sum of p_s influence_s (Hampel 1974):
/// - independent scenarios: sqrt(sum p_s^2 influence_s^2), as of self-normalised importance sampling;
/// - scenarios drawn together: sqrt(C/(C-1) sum over the C clusters of (sum of p_s influence_s in the cluster)^2), the
///   spread between independent replications;
/// - probabilities that hold the means of K functions: the part of the influence that these functions explain (weighted
///   least squares) is no error any more, and is taken out first. It is the delta method applied to the tilting p ~
///   exp(theta' v) with theta chosen so that the means of v are met.
/// influence: one a scenario, with weighted mean zero. NaN for fewer than two scenarios, or clusters.
double standard_error(std::span<const double> influence, const ScenarioWeights& weights);

}  // namespace ballast
