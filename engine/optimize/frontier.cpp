#include "engine/optimize/frontier.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/programme_solver.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/stop.h"
#include "scenarios/random/sequence.h"

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

/// The feasible set with a last row for the mean return.
FeasibleSet with_return_row(const FeasibleSet& feasible, std::span<const double> mean_return) {
  FeasibleSet with_return = feasible;
  LinearConstraint row{"the frontier's return", {}, -kNoLimit, kNoLimit};
  for (std::size_t a = 0; a < mean_return.size(); ++a) row.terms.emplace_back(int(a), mean_return[a]);
  for (std::size_t j = 0; j < feasible.certain_loss.size(); ++j) {
    if (feasible.certain_loss[j] != 0.0) row.terms.emplace_back(int(j), -feasible.certain_loss[j]);
  }
  with_return.rows.push_back(std::move(row));
  return with_return;
}

/// starts: of each point, or empty: each from the last.
std::vector<FrontierSolution> solve_frontier(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                             std::span<const double> mean_return, const FrontierOptions& options,
                                             std::span<const FrontierSolution> starts) {
  const FeasibleSet with_return = with_return_row(feasible, mean_return);
  const long last_row = long(with_return.rows.size()) - 1;
  ConvexProgramme programme = portfolio_programme(sets, with_return);
  add_cvar(programme, sets, with_return, options.confidence, 1.0);
  ProgrammeSolver solver(std::move(programme));
  ProgrammeOptions solve_options;
  solve_options.gap = options.gap;
  std::vector<FrontierSolution> frontier;
  double low = 0.0, high = 0.0;
  for (int k = 0; k < options.points; ++k) {
    const auto begun = std::chrono::steady_clock::now();
    if (k > 0) solver.set_row(last_row, low + (high - low) * k / (options.points - 1), kNoLimit);
    const ProgrammeStart start = !starts.empty() ? starts[std::size_t(k)].start
                                 : k > 0         ? frontier.back().start
                                                 : ProgrammeStart{};
    const ProgrammeOutcome outcome = solver.solve(solve_options, start);
    if (outcome.x.size() == 0) throw NoSolutionError("no weights were found for a point of the frontier");
    const double reached = (solver.programme().polytope.rows * outcome.x)[last_row];
    if (k == 0) {
      require_bounded_weights(solver.programme().polytope, outcome.x, sets[0]);
      low = reached;
      high = largest_return(with_return);
      // Just inside, so that rounding does not make the last point infeasible.
      high = std::max(low, high - 1e-10 * std::max(1.0, std::abs(high)));
    }
    FrontierSolution point;
    point.result = portfolio_result("min_cvar", solver.programme(), outcome, sets[0], with_return);
    point.result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    point.mean_return = reached;
    point.start = outcome.as_start();
    frontier.push_back(std::move(point));
  }
  return frontier;
}

/// Probabilities of one resample: how often each scenario was drawn, over their number.
std::vector<double> resample(const ScenarioSet& set, const PcgSequence& sequence, std::uint64_t first_draw) {
  std::vector<double> cumulative;
  double total = 0.0;
  for (std::size_t s = 0; !set.probability.empty() && s < set.scenarios; ++s) {
    cumulative.push_back(total += set.probability[s]);
  }
  std::vector<double> drawn(set.scenarios, 0.0);
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    const double u = sequence.uniform(first_draw + s);
    std::size_t at = std::size_t(u * double(set.scenarios));
    if (!cumulative.empty()) {
      at = std::size_t(std::upper_bound(cumulative.begin(), cumulative.end(), u * total) - cumulative.begin());
    }
    drawn[std::min(at, set.scenarios - 1)] += 1.0 / double(set.scenarios);
  }
  return drawn;
}

/// The q-quantile of values: the smallest with at least that share at or below.
double quantile(std::vector<double> values, double q) {
  const std::size_t rank = std::size_t(std::clamp(std::ceil(q * double(values.size())), 1.0, double(values.size())));
  std::nth_element(values.begin(), values.begin() + long(rank - 1), values.end());
  return values[rank - 1];
}

}  // namespace

std::vector<FrontierSolution> efficient_frontier(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                                 std::span<const double> mean_return, const FrontierOptions& options) {
  return solve_frontier(sets, feasible, mean_return, options, {});
}

std::vector<ResampledPoint> resampled_frontier(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                               const FrontierOptions& options,
                                               std::span<const FrontierSolution> frontier, int resamples,
                                               std::uint64_t seed) {
  const PcgSequence sequence(seed, Sequence::search);
  const std::size_t points = frontier.size();
  std::vector<std::vector<double>> returns(points), cvars(points);
  std::vector<ScenarioSet> drawn(sets.begin(), sets.end());
  FrontierOptions rough = options;
  rough.gap = std::max(options.gap, 1e-5);  // far below what resampling moves
  for (int r = 0; r < resamples; ++r) {
    check_stop();
    const std::vector<double> probability = resample(sets[0], sequence, std::uint64_t(r) * (sets[0].scenarios | 1));
    drawn[0].probability = probability;
    const std::vector<double> means = mean_growth(drawn[0]);
    const std::vector<FrontierSolution> moved = solve_frontier(drawn, feasible, means, rough, frontier);
    for (std::size_t k = 0; k < points; ++k) {
      returns[k].push_back(moved[k].mean_return);
      cvars[k].push_back(moved[k].result.value);
    }
  }
  std::vector<ResampledPoint> bands;
  for (std::size_t k = 0; k < points; ++k) {
    bands.push_back(
        {quantile(returns[k], 0.05), quantile(returns[k], 0.95), quantile(cvars[k], 0.05), quantile(cvars[k], 0.95)});
  }
  return bands;
}

}  // namespace ballast
