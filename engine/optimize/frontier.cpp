#include "engine/optimize/frontier.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/programme_solver.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

/// The most that the last row can reach.
double largest_return(const FeasibleSet& feasible) {
  std::vector<double> cost(feasible.variables(), 0.0);
  for (const auto& [j, a] : feasible.rows.back().terms) cost[std::size_t(j)] -= a;
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
  FeasibleSet with_return = feasible;
  LinearConstraint row{"the frontier's return", {}, -kNoLimit, kNoLimit};
  for (std::size_t a = 0; a < mean_return.size(); ++a) row.terms.emplace_back(int(a), mean_return[a]);
  for (std::size_t j = 0; j < feasible.certain_loss.size(); ++j) {
    if (feasible.certain_loss[j] != 0.0) row.terms.emplace_back(int(j), -feasible.certain_loss[j]);
  }
  with_return.rows.push_back(row);
  const std::span<const ScenarioSet> sets(&scenarios, 1);
  ConvexProgramme programme = portfolio_programme(sets, with_return);
  add_cvar(programme, sets, with_return, options.confidence, 1.0);
  ProgrammeSolver solver(std::move(programme));
  ProgrammeOptions solve_options;
  solve_options.gap = options.gap;
  std::vector<OptimizationResult> frontier;
  ProgrammeStart start;
  double low = 0.0, high = 0.0;
  for (int k = 0; k < points; ++k) {
    const auto begun = std::chrono::steady_clock::now();
    if (k > 0) {
      solver.set_row(long(with_return.rows.size()) - 1, low + (high - low) * k / (points - 1), kNoLimit);
    }
    const ProgrammeOutcome outcome = solver.solve(solve_options, start);
    if (outcome.x.size() == 0) throw NoSolutionError("no weights were found for a point of the frontier");
    if (k == 0) {
      require_bounded_weights(solver.programme().polytope, outcome.x, scenarios);
      low = (solver.programme().polytope.rows * outcome.x)[long(with_return.rows.size()) - 1];
      high = largest_return(with_return);
      // Just inside, so that rounding does not make the last point infeasible.
      high = std::max(low, high - 1e-10 * std::max(1.0, std::abs(high)));
    }
    frontier.push_back(portfolio_result("min_cvar", solver.programme(), outcome, scenarios, with_return));
    frontier.back().seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    start = outcome.as_start();
  }
  return frontier;
}

}  // namespace ballast
