#include "engine/optimize/min_cvar.h"

#include <chrono>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "engine/optimize/eigen_blocking.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/window_solver.h"
#include "scenarios/base/error.h"
#include "scenarios/base/lanes.h"

namespace ballast {
namespace {

void check_options(const MinCvarOptions& options) {
  if (!(options.confidence >= 0.0 && options.confidence < 1.0)) {
    throw key_error(
        "optimize.confidence",
        fmt::format("{} is not a confidence level (0 <= confidence < 1) 0.95 is usual", options.confidence));
  }
  if (!(options.gap > 0.0)) {
    throw key_error("optimize.gap",
                    fmt::format("{} cannot be reached (it must be above 0) 1e-6 is usual", options.gap));
  }
}

/// Numbers of blocks to solve on, in turn: each about six times the last, the whole set at the end.
std::vector<std::size_t> sample_sizes(const ScenarioSet& set) {
  const std::size_t all = ScenarioSample::blocks_of(set);
  const std::size_t least = std::max<std::size_t>(3, 20 * set.assets / kBlockScenarios);
  std::vector<std::size_t> sizes{all};
  for (std::size_t k = all / 6; k > least; k /= 6) sizes.insert(sizes.begin(), k);
  return sizes;
}

}  // namespace

OptimizationResult minimise_cvar(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                 const MinCvarOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  pin_eigen_blocking();
  check_options(options);
  const double mean_growth_size = check_scenarios(scenarios);
  const double unit = mean_growth_size > 0.0 ? mean_growth_size : 1.0;
  check_feasible_set(feasible, scenarios);
  const Polytope polytope = make_polytope(feasible, scenarios.assets);
  LinearProgram programme(polytope.bounded);

  WindowStart start{central_point(polytope, programme), {}};
  WindowOutcome outcome;
  int iterations = 0;
  const std::vector<std::size_t> sizes = sample_sizes(scenarios);
  for (std::size_t level = 0; level < sizes.size(); ++level) {
    const bool last = level + 1 == sizes.size();
    const ScenarioSample sample(scenarios, sizes[level], options.confidence);
    if (!last && !(sample.total_mass() > 0.0)) continue;
    const double tail_count = (1.0 - options.confidence) * double(sample.positions());
    // From the centre anything may be in the tail; after that, the window is what sampling and the last level leave
    // open.
    const bool cold = start.reduced_cost.size() == 0;
    const double half_width = cold ? 1.5 : std::clamp(6.0 * double(scenarios.assets) / tail_count, 0.15, 1.0);
    const double gap = last ? options.gap : level + 2 == sizes.size() ? std::max(1e-3, options.gap) : 1e-2;
    WindowSolver solver(sample, polytope, programme, unit);
    outcome = solver.run(start, gap, half_width, options.max_rounds);
    iterations += outcome.iterations;
    if (outcome.x.size() > 0) start = {outcome.x, outcome.reduced_cost};
  }
  if (outcome.x.size() == 0) {
    throw NoSolutionError(
        "no weights were found that satisfy the constraints to 1e-9 (they leave next to no room) relax one of them");
  }
  require_bounded_weights(polytope, outcome.x, scenarios);

  OptimizationResult result;
  result.objective = "min_cvar";
  result.status = outcome.optimal ? "optimal" : "stalled";
  result.weights.assign(outcome.x.data(), outcome.x.data() + scenarios.assets);
  result.value = outcome.value;
  result.lower_bound = outcome.lower_bound;
  result.relative_gap = outcome.relative_gap;
  result.iterations = iterations;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

OptimizationResult optimise_min_cvar(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                     const OptimizeOptions& options) {
  return minimise_cvar(scenarios, feasible, {.confidence = options.confidence, .gap = options.gap});
}

}  // namespace ballast
