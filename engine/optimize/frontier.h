#pragma once

#include <span>
#include <vector>

#include "engine/optimize/min_cvar.h"
#include "engine/optimize/problem.h"

namespace ballast {

/// The efficient frontier of mean return and CVaR: the weights of least CVaR among those whose mean return is at least
/// r_k, k = 0 .. points - 1, from that of the weights of least CVaR to the largest there is, in equal steps. Each
/// point is certified like minimise_cvar's result.
/// mean_return: one an asset. points: at least 2. Throws what minimise_cvar throws, and NoSolutionError when the mean
/// return has no limit.
std::vector<OptimizationResult> efficient_frontier(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                                   std::span<const double> mean_return, int points,
                                                   const MinCvarOptions& options = {});

}  // namespace ballast
