#pragma once

#include <span>

#include "engine/optimize/convex_programme.h"
#include "engine/optimize/problem.h"
#include "engine/optimize/scenario_moments.h"

namespace ballast {

/// The allowed weights, with the limits on CVaR and tracking error, and no objective yet. `sets` must outlive it.
/// Throws InputError (unusable numbers, sets that do not agree), NoSolutionError (no weights meet the linear
/// constraints).
ConvexProgramme portfolio_programme(std::span<const ScenarioSet> sets, const FeasibleSet& feasible);

/// Adds weight x CVaR, of several sets the largest, to the objective.
void add_cvar(ConvexProgramme& programme, std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
              double confidence, double weight);

/// Adds minus the mean growth of the first set, certain losses taken off.
void add_mean_return(ConvexProgramme& programme, const ScenarioSet& set, const FeasibleSet& feasible);

/// Adds aversion x variance of the set's loss.
void add_variance(ConvexProgramme& programme, const ScenarioMoments& moments, double aversion);

/// Solves it, and says what came out. Throws NoSolutionError when nothing is allowed, or a weight has no limit.
OptimizationResult solve_portfolio(const std::string& objective, const ConvexProgramme& programme,
                                   const ScenarioSet& scenarios, const FeasibleSet& feasible, double gap);

/// The result of an outcome: weights, status, shadow prices, reduced costs. `seconds` is left to the caller.
OptimizationResult portfolio_result(const std::string& objective, const ConvexProgramme& programme,
                                    const ProgrammeOutcome& outcome, const ScenarioSet& scenarios,
                                    const FeasibleSet& feasible);

/// Throws InputError unless 0 <= confidence < 1 and gap > 0.
void check_confidence(double confidence, const char* key);
void check_gap(double gap);

}  // namespace ballast
