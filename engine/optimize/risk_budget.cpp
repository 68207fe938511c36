#include <chrono>
#include <cmath>
#include <numeric>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "engine/optimize/eigen_blocking.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/risk_budget_solver.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

using Eigen::VectorXd;

VectorXd checked_budget(const OptimizeOptions& options, std::size_t assets) {
  if (options.risk_budget.empty()) return VectorXd::Constant(long(assets), 1.0 / double(assets));
  const VectorXd budget = Eigen::Map<const VectorXd>(options.risk_budget.data(), long(options.risk_budget.size()));
  if (options.risk_budget.size() != assets || !(budget.minCoeff() > 0.0) || std::abs(budget.sum() - 1.0) > 1e-9) {
    throw key_error("optimize.risk_budget",
                    fmt::format("{} shares that add to {:.9g} (each of {} assets needs one above 0, adding to 1)",
                                options.risk_budget.size(), budget.sum(), assets));
  }
  return budget;
}

/// Long-only, fully invested and nothing else: then the problem is convex and its solution unique.
bool only_long(const FeasibleSet& feasible, std::size_t assets) {
  if (feasible.variables() != assets || feasible.rows.size() != 1 || !feasible.cvar_limits.empty() ||
      !feasible.tracking_limits.empty()) {
    return false;
  }
  for (std::size_t j = 0; j < assets; ++j) {
    if (feasible.lower[j] != 0.0 || feasible.upper[j] < 1.0) return false;
  }
  return feasible.rows[0].lower == 1.0 && feasible.rows[0].upper == 1.0;
}

OptimizationResult solve_budget(const std::string& objective, std::span<const ScenarioSet> sets,
                                const FeasibleSet& feasible, const OptimizeOptions& options, bool of_cvar) {
  const auto started = std::chrono::steady_clock::now();
  pin_eigen_blocking();
  const ScenarioSet& scenarios = sets[0];
  check_scenarios(scenarios);
  check_feasible_set(feasible, scenarios);
  check_gap(options.gap);
  if (sets.size() > 1) throw key_error("optimize.worst_case", "does not go with risk budgets");
  if (!scenarios.liability.empty()) {
    throw key_error("optimize.loss",
                    "risk budgets share the risk of the return (a liability is no asset's) set loss: return");
  }
  if (!of_cvar && !feasible.cvar_limits.empty()) {
    throw key_error(feasible.cvar_limits[0].name, "does not go with risk_parity");
  }
  const VectorXd budget = checked_budget(options, scenarios.assets);
  RiskBudgetOutcome outcome;
  if (of_cvar) {
    check_confidence(options.confidence, "optimize.confidence");
    if (!only_long(feasible, scenarios.assets)) {
      throw key_error(
          "optimize.constraints",
          "constraints do not go with cvar_budget (the budget alone determines the weights) leave them out");
    }
    outcome = share_cvar(scenarios, budget, options.confidence);
  } else {
    const ScenarioMoments moments = scenario_moments(scenarios);
    outcome = only_long(feasible, scenarios.assets)
                  ? share_variance(moments.covariance, budget)
                  : share_variance_within(scenarios, moments.covariance, budget, feasible);
  }
  OptimizationResult result;
  result.objective = objective;
  result.weights.assign(outcome.weights.data(), outcome.weights.data() + outcome.weights.size());
  result.value = outcome.risk;
  result.residual = outcome.residual;
  result.status = outcome.local ? "local" : outcome.residual <= std::max(1e-8, options.gap) ? "optimal" : "stalled";
  result.iterations = outcome.iterations;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace

OptimizationResult optimise_risk_parity(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                        const OptimizeOptions& options) {
  return solve_budget("risk_parity", sets, feasible, options, false);
}

OptimizationResult optimise_cvar_budget(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                        const OptimizeOptions& options) {
  return solve_budget("cvar_budget", sets, feasible, options, true);
}

}  // namespace ballast
