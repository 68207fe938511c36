#include <chrono>

#include <fmt/format.h>

#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "scenarios/base/error.h"

// Least variance of the loss, and most return less half lambda times it (Markowitz 1952): quadratic programmes.

namespace ballast {
namespace {

OptimizationResult solve_variance(const std::string& objective, std::span<const ScenarioSet> sets,
                                  const FeasibleSet& feasible, double aversion, bool with_return, double gap) {
  const auto started = std::chrono::steady_clock::now();
  ConvexProgramme programme = portfolio_programme(sets, feasible);
  const ScenarioMoments moments = scenario_moments(sets[0]);
  const double variance = std::max(moments.covariance.diagonal().mean(), 1e-300);
  add_variance(programme, moments, aversion);
  if (with_return) {
    add_mean_return(programme, sets[0], feasible);
    programme.value_floor = 1e-2 * programme.unit;
    programme.objective_unit = std::max(programme.cost.cwiseAbs().maxCoeff(), aversion * variance);
  } else {
    programme.in_losses = false;
    programme.objective_unit = variance;
    programme.value_floor = 1e-9 * variance;
  }
  OptimizationResult result = solve_portfolio(objective, programme, sets[0], feasible, gap);
  if (!with_return) {  // a variance
    result.value = std::max(0.0, result.value);
    result.lower_bound = std::clamp(*result.lower_bound, 0.0, result.value);
    result.relative_gap = std::min(
        *result.relative_gap, (result.value - *result.lower_bound) / std::max(result.value, programme.value_floor));
    if (*result.relative_gap <= gap) result.status = "optimal";
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace

OptimizationResult optimise_min_variance(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                         const OptimizeOptions& options) {
  return solve_variance("min_variance", sets, feasible, 1.0, false, options.gap);
}

OptimizationResult optimise_mean_variance(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                          const OptimizeOptions& options) {
  if (!(options.risk_aversion > 0.0)) {
    throw key_error("optimize.risk_aversion",
                    fmt::format("{} is not above 0 (without aversion it is max_return)", options.risk_aversion));
  }
  return solve_variance("mean_variance", sets, feasible, 0.5 * options.risk_aversion, true, options.gap);
}

}  // namespace ballast
