#include "engine/study/optimise_weights.h"

#include <cmath>
#include <numeric>

#include "engine/optimize/frontier.h"
#include "engine/optimize/infeasible.h"
#include "scenarios/base/error.h"

namespace ballast {

std::vector<double> mean_returns(const HorizonScenarios& scenarios) {
  std::vector<double> unused;
  return mean_growth(scenarios.loss_set(false, unused));
}

std::vector<double> loss_offset(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                const HorizonScenarios& scenarios) {
  const OptimizeParameters& asked = *config.optimize;
  std::vector<double> offset;
  if (asked.loss == LossKind::surplus) {
    offset = scenarios.liability;
    for (double& l : offset) l -= 1.0;
  } else if (asked.loss == LossKind::benchmark) {
    offset = scenarios.losses(weights_in_order(asked.benchmark, asset_names, "optimize.benchmark"), false);
    for (double& l : offset) l = -l;
  }
  return offset;
}

std::vector<double> optimised_losses(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                     const HorizonScenarios& scenarios, const std::vector<double>& weights) {
  std::vector<double> losses = scenarios.losses(weights, false);
  const std::vector<double> offset = loss_offset(config, asset_names, scenarios);
  for (std::size_t s = 0; s < offset.size(); ++s) losses[s] += offset[s];
  return losses;
}

namespace {

/// optimize.trading_costs with the weights that trades start from.
std::optional<TradingCostParameters> resolved_costs(const StudyConfig& config) {
  std::optional<TradingCostParameters> costs = config.optimize->trading_costs;
  if (costs && costs->from.empty()) {
    if (config.balance.current.empty()) {
      throw key_error("optimize.trading_costs",
                      "'from' is missing (costs count from there) give it, or balance.current");
    }
    costs->from = config.balance.current;
  }
  return costs;
}

/// The study's scenarios and constraints as the optimizer takes them.
struct WeightProblem {
  std::vector<std::vector<double>> offsets;
  std::vector<ScenarioSet> sets;
  std::vector<double> means;
  FeasibleSet feasible;
};

void add_set(WeightProblem& problem, const StudyConfig& config, const OptimiseInputs& inputs,
             const HorizonScenarios& scenarios) {
  std::vector<double> unused;
  problem.offsets.push_back(loss_offset(config, inputs.asset_names, scenarios));
  problem.sets.push_back(scenarios.loss_set(false, unused));
  problem.sets.back().liability = problem.offsets.back();
  problem.sets.back().asset_names = inputs.asset_names;
}

/// The weights that the study allows, given each asset's expected return.
FeasibleSet allowed_weights(const StudyConfig& config, ConstraintParameters constraints, const OptimiseInputs& inputs,
                            const std::vector<double>& means) {
  if (constraints.turnover && constraints.turnover->from.empty()) {
    if (config.balance.current.empty()) {
      throw key_error("optimize.constraints.turnover",
                      "'from' is missing (turnover counts from there) give it, or balance.current");
    }
    constraints.turnover->from = config.balance.current;
  }
  const std::optional<TradingCostParameters> costs = resolved_costs(config);
  ConstraintInputs known;
  known.mean_return = means;
  known.confidence = config.optimize->confidence;
  known.benchmark = config.optimize->benchmark;
  known.trading_costs = costs ? &*costs : nullptr;
  known.durations = &inputs.durations;
  return feasible_set(constraints, inputs.asset_names, known);
}

WeightProblem weight_problem(const StudyConfig& config, const ConstraintParameters& constraints,
                             const OptimiseInputs& inputs, const HorizonScenarios& scenarios) {
  WeightProblem problem;
  problem.offsets.reserve(1 + inputs.worst_case.size());  // the sets point into them
  add_set(problem, config, inputs, scenarios);
  for (const HorizonScenarios& further : inputs.worst_case) add_set(problem, config, inputs, further);
  problem.means = mean_returns(scenarios);
  problem.feasible = allowed_weights(config, constraints, inputs, problem.means);
  return problem;
}

}  // namespace

void check_constraints(const StudyConfig& config, const OptimiseInputs& inputs) {
  ConstraintParameters constraints = config.optimize->constraints;
  constraints.min_return.reset();
  const std::vector<double> unknown(inputs.asset_names.size(), 0.0);
  require_feasible(allowed_weights(config, constraints, inputs, unknown));
}

double trading_cost(const StudyConfig& config, const std::vector<std::string>& asset_names,
                    const std::vector<double>& weights) {
  const std::optional<TradingCostParameters> costs = resolved_costs(config);
  if (!costs) return 0.0;
  const std::vector<double> from = weights_in_order(costs->from, asset_names, "optimize.trading_costs.from");
  double total = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto own = costs->cost.by_asset.find(asset_names[i]);
    const double cost = own != costs->cost.by_asset.end() ? own->second : costs->cost.all.value_or(0.0);
    total += cost * std::abs(weights[i] - from[i]);
  }
  return total;
}

bool divides_over_ranks(const StudyConfig& config) {
  const OptimizeParameters& asked = *config.optimize;
  const bool by_windows = asked.objective == Objective::min_cvar || asked.objective == Objective::mean_cvar ||
                          asked.objective == Objective::max_return;
  return by_windows && config.views.empty() && asked.worst_case.empty() && !asked.constraints.tracking_error &&
         !(asked.frontier && asked.frontier->resamples > 0);
}

OptimizationResult optimise_weights(const StudyConfig& config, const OptimiseInputs& inputs,
                                    const HorizonScenarios& scenarios) {
  const OptimizeParameters& parameters = *config.optimize;
  const WeightProblem problem = weight_problem(config, parameters.constraints, inputs, scenarios);
  OptimizeOptions options;
  options.confidence = parameters.confidence;
  options.gap = parameters.gap;
  options.risk_free = inputs.risk_free.value_or(0.0);
  options.risk_aversion = parameters.risk_aversion.value_or(1.0);
  if (!parameters.risk_budget.empty()) {
    options.risk_budget = weights_in_order(parameters.risk_budget, inputs.asset_names, "optimize.risk_budget");
  }
  return optimise(parameters.objective, problem.sets, problem.feasible, options);
}

std::vector<FrontierPoint> frontier_points(const StudyConfig& config, const OptimiseInputs& inputs,
                                           const HorizonScenarios& scenarios) {
  std::vector<FrontierPoint> points;
  if (!config.optimize->frontier) return points;
  const OptimizeParameters& parameters = *config.optimize;
  ConstraintParameters constraints = parameters.constraints;
  constraints.min_return.reset();
  const WeightProblem problem = weight_problem(config, constraints, inputs, scenarios);
  FrontierOptions options;
  options.points = parameters.frontier->points;
  options.confidence = parameters.confidence;
  options.gap = parameters.gap;
  const std::vector<FrontierSolution> frontier =
      efficient_frontier(problem.sets, problem.feasible, problem.means, options);
  for (const FrontierSolution& found : frontier) {
    FrontierPoint point;
    point.weights = found.result.weights;
    point.expected_return = found.mean_return;
    point.value = found.result.value;
    point.status = found.result.status;
    point.lower_bound = found.result.lower_bound;
    point.relative_gap = found.result.relative_gap;
    points.push_back(std::move(point));
  }
  if (parameters.frontier->resamples > 0) {
    const std::vector<ResampledPoint> bands = resampled_frontier(problem.sets, problem.feasible, options, frontier,
                                                                 parameters.frontier->resamples, config.study.seed);
    for (std::size_t k = 0; k < points.size(); ++k) {
      points[k].band = FrontierBand{bands[k].return_low, bands[k].return_high, bands[k].cvar_low, bands[k].cvar_high};
    }
  }
  return points;
}

}  // namespace ballast
