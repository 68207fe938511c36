#include "engine/optimize/frontier.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/optimize/linear_program.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

double largest_return(const FeasibleSet& feasible, std::span<const double> mean_return) {
  std::vector<double> cost(feasible.variables(), 0.0);
  std::transform(mean_return.begin(), mean_return.end(), cost.begin(), std::negate<>());
  LinearProgram programme(feasible);
  if (programme.minimise(cost) != LinearProgram::Status::optimal) {
    throw NoSolutionError("the frontier has no end: the constraints leave the expected return without limit");
  }
  return -programme.value();
}

}  // namespace

std::vector<OptimizationResult> efficient_frontier(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                                   std::span<const double> mean_return, int points,
                                                   const MinCvarOptions& options) {
  std::vector<OptimizationResult> frontier = {minimise_cvar(scenarios, feasible, options)};
  const std::vector<double>& first = frontier[0].weights;
  double low = std::inner_product(first.begin(), first.end(), mean_return.begin(), 0.0);
  double high = largest_return(feasible, mean_return);
  // Just inside, so that rounding does not make the last point infeasible.
  high = std::max(low, high - 1e-10 * std::max(1.0, std::abs(high)));
  FeasibleSet with_return = feasible;
  LinearConstraint row{"the frontier's return", {}, low, kNoLimit};
  for (std::size_t a = 0; a < mean_return.size(); ++a) row.terms.emplace_back(int(a), mean_return[a]);
  with_return.rows.push_back(row);
  for (int k = 1; k < points; ++k) {
    with_return.rows.back().lower = low + (high - low) * k / (points - 1);
    frontier.push_back(minimise_cvar(scenarios, with_return, options));
  }
  return frontier;
}

}  // namespace ballast
