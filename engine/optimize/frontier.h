#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/optimize/convex_programme.h"
#include "engine/optimize/problem.h"

namespace ballast {

struct FrontierOptions {
  int points = 10;           ///< at least 2
  double confidence = 0.95;  ///< 0 <= confidence < 1
  double gap = 1e-6;         ///< relative gap at which a point counts as optimal
};

struct FrontierSolution {
  OptimizationResult result;  ///< as of min_cvar
  double mean_return = 0.0;   ///< of the weights, certain losses taken off
  ProgrammeStart start;       ///< where a neighbouring problem may begin
};

/// The efficient frontier of mean return and CVaR: the weights of least CVaR (of several sets the largest) among those
/// whose mean return is at least r_k, k = 0 .. points - 1, from that of the weights of least CVaR to the largest there
/// is, in equal steps. Each point is certified like minimise_cvar's result, and starts from the last.
/// mean_return: one an asset. Throws what min_cvar throws, and NoSolutionError when the mean return has no limit.
std::vector<FrontierSolution> efficient_frontier(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                                 std::span<const double> mean_return, const FrontierOptions& options);

/// Where nine in ten resamples put a point of the frontier.
struct ResampledPoint {
  double return_low = 0.0, return_high = 0.0;  ///< 5% and 95% quantiles over resamples
  double cvar_low = 0.0, cvar_high = 0.0;
};

/// How far Monte Carlo error moves the frontier (resampling: Michaud 1998): each resample draws as many scenarios as
/// there are, with replacement, by their probabilities, and has a frontier of its own, means included; point k stays
/// point k. Draws come from the `search` sequence, which no scenario uses, one a scenario and resample. Only the first
/// set is resampled. `frontier`: of the scenarios themselves.
std::vector<ResampledPoint> resampled_frontier(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                               const FrontierOptions& options,
                                               std::span<const FrontierSolution> frontier, int resamples,
                                               std::uint64_t seed);

}  // namespace ballast
