#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/optimize/constraints.h"
#include "engine/optimize/optimise.h"

/// Convex problems drawn at random from all that mix: objectives, bounds, leverage, shorts, turnover, trading costs,
/// return targets, tracking errors, limits on CVaR, liabilities, probabilities, worst cases; 5 assets and 30 scenarios
/// up, factor returns with normal or Student t shocks, confidences from 0.5 to 0.999. Tests solve a few, the soak
/// (soak/soak_optimizer.cpp) as many as one likes.
namespace ballast::test {

struct RandomProblem {
  std::size_t assets = 0, scenarios = 0;
  Objective objective = Objective::min_cvar;
  OptimizeOptions options;
  std::vector<std::vector<double>> growth, probability, liability;  ///< of each set of scenarios
  ConstraintParameters constraints;
  TradingCostParameters costs;
  bool with_costs = false;
  double cvar_room = -1.0;  ///< a limit on CVaR, so far above the least there is; below 0: none

  std::vector<ScenarioSet> sets() const;
  FeasibleSet feasible() const;
  std::string describe() const;
};

/// The same for the same arguments everywhere: uniforms by integers (instances.h).
RandomProblem random_problem(std::uint64_t seed, std::size_t most_assets, std::size_t most_scenarios);

struct RandomOutcome {
  OptimizationResult result;
  std::string wrong;        ///< what the contract does not allow; empty: nothing
  bool no_optimum = false;  ///< a Sharpe ratio without greatest, or an infeasible set, told as such
};

/// Solves it to a gap of 1e-8 and looks at the weights themselves: certified, bound no higher than the value, the value
/// that of the weights, each constraint broken by no more than 1e-9.
RandomOutcome solve_random(const RandomProblem& problem);

}  // namespace ballast::test
