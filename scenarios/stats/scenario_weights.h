#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "scenarios/random/sampling.h"

namespace ballast {

/// Probabilities p ~ q exp(-lambda' f) that hold the means of K functions f of the scenarios, as one part of a mixture.
struct TiltedLayer {
  double weight = 1.0;              ///< of the mixture
  std::vector<double> probability;  ///< one a scenario, sum 1
  Eigen::MatrixXd functions;        ///< scenarios x K
  /// Scenarios x K: of each scenario, its influence under q on the value at which a mean is held, where that is an
  /// estimate itself (a mean that is kept); zero where the value is given.
  Eigen::MatrixXd targets;
};

/// Mixed probabilities: some left as they were before, and tilted layers. Weights sum to 1.
struct TiltedProbabilities {
  std::vector<double> prior;  ///< q: one a scenario, sum 1
  double prior_weight = 0.0;
  std::vector<TiltedLayer> layers;
};

/// What decides how precisely a set of scenarios estimates: the probability of each, which were drawn together, and
/// what the probabilities were chosen to fix.
struct ScenarioWeights {
  ScenarioWeights() = default;
  ScenarioWeights(std::span<const double> of_each) : probability(of_each) {}     // NOLINT: implicit
  ScenarioWeights(const std::vector<double>& of_each) : probability(of_each) {}  // NOLINT: implicit

  std::span<const double> probability;  ///< one a scenario; empty: equal. The sum is divided out
  Replications replications;
  /// How `probability` was made (views); null: it was not chosen to hold any mean.
  const TiltedProbabilities* tilted = nullptr;

  bool independent() const { return replications.independent() && tilted == nullptr; }
};

/// The first-order standard error of an estimate whose error is sum of p_s influence_s (Hampel 1974):
/// - independent scenarios: sqrt(sum p_s^2 influence_s^2), as of self-normalised importance sampling;
/// - scenarios drawn together: sqrt(C/(C-1) sum over the C clusters of (sum of p_s influence_s in the cluster)^2), the
///   spread between independent replications;
/// - tilted probabilities: in each layer the part of the influence that its functions explain (least squares weighted
/// by
///   p) is no error any more; in its place stands the error of the values at which their means are held. It is the
///   delta method applied to the tilting, lambda being chosen so that the means are met.
/// influence: one a scenario, with weighted mean zero. NaN for fewer than two scenarios, or clusters.
double standard_error(std::span<const double> influence, const ScenarioWeights& weights);

}  // namespace ballast
