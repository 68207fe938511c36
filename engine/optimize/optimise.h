#pragma once

#include <span>
#include <vector>

#include "engine/optimize/optimize_parameters.h"
#include "engine/optimize/problem.h"

namespace ballast {

/// What any objective may ask for; each uses what concerns it.
struct OptimizeOptions {
  double confidence = 0.95;
  double gap = 1e-6;       ///< relative gap at which a result counts as optimal
  double risk_free = 0.0;  ///< of the Sharpe ratio: what riskless money grows by, in the unit of ScenarioSet::growth
  double risk_aversion = 1.0;         ///< lambda of mean_cvar and mean_variance
  std::vector<double> risk_budget{};  ///< one an asset, adding to 1; empty: equal
};

/// What is minimised (`value`), mu being the mean growth less certain losses, L the loss of the weights:
///   min_cvar      CVaR(L); of several scenario sets the largest
///   max_return    -mu'w
///   mean_cvar     risk_aversion CVaR(L) - mu'w, likewise
///   min_variance  Var(L)
///   mean_variance risk_aversion / 2 Var(L) - mu'w
///   max_sharpe    -(mu'w - risk_free) / sd(w'growth)
///   risk_parity   sd of the weights whose shares of it are the risk budget
///   cvar_budget   CVaR of the weights whose shares of it are the risk budget
/// The first set's means, variances and errors count; limits on CVaR hold on all sets. Sets must have the same assets.
/// Throws what the objective's own function throws: InputError, NoSolutionError.
OptimizationResult optimise(Objective objective, std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                            const OptimizeOptions& options = {});

inline OptimizationResult optimise(Objective objective, const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                   const OptimizeOptions& options = {}) {
  return optimise(objective, std::span<const ScenarioSet>(&scenarios, 1), feasible, options);
}

}  // namespace ballast
