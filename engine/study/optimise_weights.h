#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/optimize/optimise.h"
#include "engine/output/results.h"
#include "engine/study/horizon_scenarios.h"
#include "engine/study/study_config.h"

namespace ballast {

/// The weights that the study's `optimize` section asks for, on these scenarios. risk_free: over the horizon.
/// Errors: InputError with key paths; NoSolutionError (69) that names what conflicts.
OptimizationResult optimise_weights(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                    const HorizonScenarios& scenarios, std::optional<double> risk_free);

/// Mean simple return of each asset, by probability.
std::vector<double> mean_returns(const HorizonScenarios& scenarios);

/// The efficient frontier, where the study asks for it; min_return does not bind it. `fresh` is left to
/// measure_frontier.
std::vector<FrontierPoint> frontier_points(const StudyConfig& config, const std::vector<std::string>& asset_names,
                                           const HorizonScenarios& scenarios);

}  // namespace ballast
