#pragma once

#include "engine/optimize/problem.h"

namespace ballast {

struct MinCvarOptions {
  double confidence = 0.95;  ///< 0 <= confidence < 1
  double gap = 1e-6;         ///< relative gap at which the result counts as optimal
  int max_rounds = 25;       ///< of the window, on each sample
};

/// The weights with the least CVaR (Rockafellar & Uryasev 2002) under linear constraints, with a lower bound that
/// proves it.
///
/// Window method: at the current weights the scenarios far beyond VaR are in the tail, those far below are not, and
/// only those between are left to a linear programme of the weights (aggregation as in Espinoza & Moreno 2014,
/// decomposition as in Kuenzi-Bay & Mayer 2006). Its solution gives better weights; its dual, a point of CVaR's dual
/// for all scenarios, a lower bound of the whole problem. Solved on samples of growing size first.
///
/// Deterministic: the same bits for any number of threads. Weights need not be unique; the value is.
/// Where the constraints leave a weight unbounded, the bound is over weights within +-1e4.
/// Throws InputError (unusable numbers), NoSolutionError (conflicting constraints, or a weight without limit).
OptimizationResult minimise_cvar(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                 const MinCvarOptions& options = {});

}  // namespace ballast
