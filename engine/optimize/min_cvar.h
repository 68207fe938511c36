#pragma once

#include "engine/optimize/problem.h"

namespace ballast {

struct MinCvarOptions {
  double confidence = 0.95;  ///< 0 <= confidence < 1
  double gap = 1e-6;         ///< relative gap at which the result counts as optimal
};

/// The weights with the least CVaR (Rockafellar & Uryasev 2002) under linear and convex constraints, with a lower bound
/// that proves it: the window method of programme_solver.h.
///
/// Deterministic: the same bits for any number of threads. Weights need not be unique; the value is.
/// Where the constraints leave a weight unbounded, the bound is over weights within +-1e4.
/// Throws InputError (unusable numbers), NoSolutionError (conflicting constraints, or a weight without limit).
OptimizationResult minimise_cvar(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                 const MinCvarOptions& options = {});

}  // namespace ballast
