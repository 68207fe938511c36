#include "engine/study/optimise_weights.h"

#include "engine/optimize/constraints.h"
#include "scenarios/base/error.h"

namespace ballast {

std::vector<double> mean_returns(const HorizonScenarios& scenarios) {
  std::vector<double> unused;
  return mean_growth(scenarios.loss_set(false, unused));
}

OptimizationResult optimise_weights(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                    const HorizonScenarios& scenarios, std::optional<double> risk_free) {
  const OptimizeParameters& parameters = *config.optimize;
  std::vector<double> excess_liability;
  ScenarioSet set = scenarios.loss_set(parameters.loss == LossKind::surplus, excess_liability);
  set.asset_names = asset_names;

  ConstraintParameters constraints = parameters.constraints;
  if (constraints.turnover && constraints.turnover->from.empty()) {
    if (config.balance.current.empty()) {
      throw key_error("optimize.constraints.turnover",
                      "'from' is missing (turnover counts from there) give it, or balance.current");
    }
    constraints.turnover->from = config.balance.current;
  }
  std::vector<double> means = mean_returns(scenarios);
  FeasibleSet feasible = feasible_set(constraints, asset_names, means);

  OptimizeOptions options;
  options.confidence = parameters.confidence;
  options.gap = parameters.gap;
  options.risk_free = risk_free.value_or(0.0);
  return optimise(parameters.objective, set, feasible, options);
}

}  // namespace ballast
