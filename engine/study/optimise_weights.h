#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/config/study_config.h"
#include "engine/optimize/constraints.h"
#include "engine/optimize/optimise.h"
#include "engine/output/results.h"
#include "engine/study/horizon_scenarios.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// What the `optimize` section needs besides the scenarios to fit to.
struct OptimiseInputs {
  std::vector<std::string> asset_names;
  std::optional<double> risk_free;           ///< over the horizon
  BalanceDurations durations;                ///< for duration limits; empty: unknown
  std::vector<HorizonScenarios> worst_case;  ///< worst_case.h
};

/// Refuses constraints that no weights satisfy, before anything is simulated: all but min_return and limits on CVaR and
/// tracking error, which need scenarios. Errors as of optimise_weights().
void check_constraints(const StudyConfig& config, const OptimiseInputs& inputs);

/// The weights that the study's `optimize` section asks for, on these scenarios.
/// Errors: InputError with key paths; NoSolutionError (69) that names what conflicts.
OptimizationResult optimise_weights(const StudyConfig& config, const OptimiseInputs& inputs,
                                    const HorizonScenarios& scenarios);

/// Whether optimise_weights() and frontier_points() can work on scenarios that several ranks hold; else the root
/// simulates and solves alone.
bool divides_over_ranks(const StudyConfig& config);

/// Mean simple return of each asset, by probability.
std::vector<double> mean_returns(const HorizonScenarios& scenarios);

/// What trading to these weights costs for certain, with optimize.trading_costs.
double trading_cost(const StudyConfig& config, const std::vector<std::string>& asset_names,
                    const std::vector<double>& weights);

/// What the optimised loss adds to -w'R, one a scenario: the surplus loss l_s - 1, a benchmark its return; the return
/// loss nothing (empty).
std::vector<double> loss_offset(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                const HorizonScenarios& scenarios);

/// The optimised loss of weights, one a scenario, without trading costs.
std::vector<double> optimised_losses(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                     const HorizonScenarios& scenarios, const std::vector<double>& weights);

/// The efficient frontier, where the study asks for it; min_return does not bind it. With resamples, each point has
/// its band. `fresh` is left to measure_frontier.
std::vector<FrontierPoint> frontier_points(const StudyConfig& config, const OptimiseInputs& inputs,
                                           const HorizonScenarios& scenarios);

}  // namespace ballast
