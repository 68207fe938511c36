#include "engine/study/optimise_weights.h"

#include <numeric>

#include "engine/optimize/constraints.h"
#include "engine/optimize/frontier.h"
#include "scenarios/base/error.h"

namespace ballast {

std::vector<double> mean_returns(const HorizonScenarios& scenarios) {
  std::vector<double> unused;
  return mean_growth(scenarios.loss_set(false, unused));
}

namespace {

/// The study's scenarios and constraints as the optimizer takes them.
struct WeightProblem {
  std::vector<double> excess_liability;
  ScenarioSet set;
  std::vector<double> means;
  FeasibleSet feasible;
};

WeightProblem weight_problem(const StudyConfig& config, const ConstraintParameters& asked,
                             const std::vector<std::string>& asset_names, const HorizonScenarios& scenarios) {
  WeightProblem problem;
  problem.set = scenarios.loss_set(config.optimize->loss == LossKind::surplus, problem.excess_liability);
  problem.set.asset_names = asset_names;
  ConstraintParameters constraints = asked;
  if (constraints.turnover && constraints.turnover->from.empty()) {
    if (config.balance.current.empty()) {
      throw key_error("optimize.constraints.turnover",
                      "'from' is missing (turnover counts from there) give it, or balance.current");
    }
    constraints.turnover->from = config.balance.current;
  }
  problem.means = mean_returns(scenarios);
  problem.feasible = feasible_set(constraints, asset_names, problem.means);
  return problem;
}

}  // namespace

OptimizationResult optimise_weights(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                    const HorizonScenarios& scenarios, std::optional<double> risk_free) {
  const OptimizeParameters& parameters = *config.optimize;
  WeightProblem problem = weight_problem(config, parameters.constraints, asset_names, scenarios);
  OptimizeOptions options;
  options.confidence = parameters.confidence;
  options.gap = parameters.gap;
  options.risk_free = risk_free.value_or(0.0);
  return optimise(parameters.objective, problem.set, problem.feasible, options);
}

std::vector<FrontierPoint> frontier_points(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                           const HorizonScenarios& scenarios) {
  std::vector<FrontierPoint> points;
  if (!config.optimize->frontier) return points;
  const OptimizeParameters& parameters = *config.optimize;
  ConstraintParameters constraints = parameters.constraints;
  constraints.min_return.reset();
  WeightProblem problem = weight_problem(config, constraints, asset_names, scenarios);
  MinCvarOptions options;
  options.confidence = parameters.confidence;
  options.gap = parameters.gap;
  for (const OptimizationResult& found :
       efficient_frontier(problem.set, problem.feasible, problem.means, parameters.frontier->points, options)) {
    FrontierPoint point;
    point.weights = found.weights;
    point.expected_return = std::inner_product(found.weights.begin(), found.weights.end(), problem.means.begin(), 0.0);
    point.value = found.value;
    point.status = found.status;
    point.lower_bound = found.lower_bound;
    point.relative_gap = found.relative_gap;
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace ballast
