#include "engine/optimize/min_cvar.h"

#include <chrono>

#include <fmt/format.h>

#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "scenarios/base/error.h"

// The objectives whose risk is CVaR: least CVaR, most return under limits, most return less lambda CVaR.

namespace ballast {
namespace {

using Clock = std::chrono::steady_clock;

OptimizationResult timed(Clock::time_point started, OptimizationResult result) {
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  return result;
}

}  // namespace

OptimizationResult optimise_min_cvar(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                     const OptimizeOptions& options) {
  const auto started = Clock::now();
  check_gap(options.gap);
  check_confidence(options.confidence, "optimize.confidence");
  ConvexProgramme programme = portfolio_programme(sets, feasible);
  add_cvar(programme, sets, feasible, options.confidence, 1.0);
  return timed(started, solve_portfolio("min_cvar", programme, sets[0], feasible, options.gap));
}

OptimizationResult optimise_max_return(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                       const OptimizeOptions& options) {
  const auto started = Clock::now();
  ConvexProgramme programme = portfolio_programme(sets, feasible);
  add_mean_return(programme, sets[0], feasible);
  return timed(started, solve_portfolio("max_return", programme, sets[0], feasible, options.gap));
}

OptimizationResult optimise_mean_cvar(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                      const OptimizeOptions& options) {
  const auto started = Clock::now();
  if (!(options.risk_aversion > 0.0)) {
    throw key_error("optimize.risk_aversion",
                    fmt::format("{} is not above 0 (without aversion it is max_return)", options.risk_aversion));
  }
  ConvexProgramme programme = portfolio_programme(sets, feasible);
  add_mean_return(programme, sets[0], feasible);
  add_cvar(programme, sets, feasible, options.confidence, options.risk_aversion);
  programme.objective_unit *= std::max(1.0, options.risk_aversion);
  return timed(started, solve_portfolio("mean_cvar", programme, sets[0], feasible, options.gap));
}

OptimizationResult minimise_cvar(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                 const MinCvarOptions& options) {
  OptimizeOptions all;
  all.confidence = options.confidence;
  all.gap = options.gap;
  return optimise_min_cvar({&scenarios, 1}, feasible, all);
}

}  // namespace ballast
