#pragma once

#include <span>
#include <vector>

#include "engine/optimize/policy_parameters.h"
#include "engine/optimize/policy_paths.h"

namespace ballast {

/// What a policy minimises, in units of the initial assets A_0. With net(t) = assets less accumulated shortfall and
/// L(t) the liabilities' value at report time t:
///   terminal_cvar       CVaR of (L(T) - net(T)) / A_0; without liabilities of the loss 1 - net(T) / A_0
///   worst_cvar          CVaR of max over t of (L(t) - net(t)) / A_0 (without liabilities of 1 - net(t) / A_0)
///   expected_shortfall  mean over scenarios and t of max(0, floor L(t) - net(t)) / A_0; without liabilities L(t) = A_0
struct PolicyGoal {
  PolicyMeasure measure = PolicyMeasure::terminal_cvar;
  double confidence = 0.95;
  double floor = 1.0;
};

/// (level owed - net) / A_0, level the floor of expected_shortfall or 1: what the goals are made of. owed: L(t), or A_0
/// without liabilities.
double policy_deficit(const PolicyGoal& goal, double owed, double net, double initial_assets);

class PolicyObjective {
 public:
  /// Both must outlive it.
  PolicyObjective(const PolicyPaths& paths, const PolicyShape& shape, const PolicyGoal& goal);

  std::size_t variables() const { return shape_.periods() * paths_.assets; }  ///< weights [period][asset]

  /// The value on the first `scenarios` scenarios (0: all), exactly.
  double value(std::span<const double> weights, std::size_t scenarios = 0) const;

  /// The value with the hinge max(0, z) replaced by the quadratic (z + e)^2 / 4e where |z| < e (Alexander, Coleman &
  /// Li 2006, section 4), which makes it differentiable in the weights, and its gradient [period][asset] by one
  /// backward sweep a scenario. The same bits for any number of threads.
  double smoothed(std::span<const double> weights, double smoothing, double* gradient) const;

  /// Standard deviation of the scenarios' losses: the unit in which smoothing is chosen.
  double spread(std::span<const double> weights) const;

 private:
  /// Losses: one a scenario (CVaR), or one a scenario and report (expected shortfall). worst: the report each came
  /// from.
  std::vector<double> losses(std::span<const double> weights, std::size_t scenarios, std::vector<int>* worst) const;
  double mass_of_loss(std::size_t entry) const;

  const PolicyPaths& paths_;
  const PolicyShape& shape_;
  PolicyGoal goal_;
};

}  // namespace ballast
