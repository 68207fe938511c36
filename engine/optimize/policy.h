#pragma once

#include <cstdint>
#include <vector>

#include "engine/optimize/policy_objective.h"
#include "engine/optimize/problem.h"

namespace ballast {

struct PolicyOptions {
  int starts = 4;
  int max_evaluations = 1000;  ///< a start
  std::uint64_t seed = 0;      ///< of the candidates that starts are chosen from
};

/// A local optimum, and what is known of how good it is.
struct OptimizedPolicy {
  std::vector<std::vector<double>> weights;  ///< [period][asset]
  double value = 0.0;                        ///< exact, on the paths it was fitted to
  /// gradient'(x - y), y the feasible point that makes it largest (the Frank-Wolfe gap), of the objective
  /// smoothed over a thousandth of the losses' spread: near 0 where no first-order move helps. In the unit of `value`.
  double first_order_residual = 0.0;
  std::vector<double> start_values;  ///< the value that each start ended with, best first
  int evaluations = 0;
  double seconds = 0.0;
};

/// Optimises piecewise-constant weights over whole paths (a non-convex problem, except that of one buy-and-hold period
/// whose assets suffice) by local searches: NLopt's SLSQP (Kraft 1994), or above 150 variables CCSA with quadratic
/// penalties (Svanberg 2002) inside an augmented Lagrangian for the equalities, with the objective's smoothing reduced
/// from a tenth to a ten-thousandth of the losses' spread. Starts: `first` (one mix, e.g. the certified one of one
/// period, used throughout), then a central point, then the best on the first 1,024 scenarios of 64 random glides
/// between vertices (the reduced sample of multi-start methods; Rinnooy Kan & Timmer 1987).
/// feasible: of each period, its first variables the weights. Throws NoSolutionError when it is empty.
OptimizedPolicy optimise_policy(const PolicyObjective& objective, std::size_t periods, const FeasibleSet& feasible,
                                std::size_t assets, const std::vector<double>& first, const PolicyOptions& options);

}  // namespace ballast
