#pragma once

#include "engine/optimize/optimize_parameters.h"
#include "engine/optimize/problem.h"

namespace ballast {

/// What any objective may ask for; each uses what concerns it.
struct OptimizeOptions {
  double confidence = 0.95;
  double gap = 1e-6;       ///< relative gap at which a result counts as optimal
  double risk_free = 0.0;  ///< of the Sharpe ratio: what riskless money grows by, in the unit of ScenarioSet::growth
};

/// Optimises any objective. Throws what the objective's own function throws: InputError, NoSolutionError.
OptimizationResult optimise(Objective objective, const ScenarioSet& scenarios, const FeasibleSet& feasible,
                            const OptimizeOptions& options = {});

}  // namespace ballast
