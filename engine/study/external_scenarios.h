#pragma once

#include <string>
#include <vector>

#include "engine/config/study_config.h"
#include "engine/study/horizon_scenarios.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// Scenarios of the user's own (`scenarios: {model: file}`).
struct ExternalScenarios {
  HorizonScenarios set;
  std::vector<std::string> asset_names;
};

/// Reads scenarios.path: CSV (one row a scenario, one column an asset, simple returns over the horizon, optional
/// columns probability and liability) or HDF5 (scenarios/io/hdf5_scenarios.h). `assets` of the study chooses and names
/// columns; without it every column is an asset. Errors: InputError with file:line:column; probabilities must be >= 0
/// and sum to 1 (1e-6), returns at least -1.
ExternalScenarios read_external_scenarios(const StudyConfig& config, InputFiles& files);

}  // namespace ballast
