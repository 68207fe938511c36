#pragma once

#include <string>
#include <vector>

#include "engine/study/prepared_study.h"

namespace ballast {

/// How the model fits: its own tables, the history's moments beside the simulated ones, and the distribution of the
/// short rate, the ten-year rate and the slope at 1, 10 and 30 years beside the history's, and the validation of the
/// scenarios (scenarios/validate). Simulates 4,096 scenarios of 30 years with random numbers of their own.
std::vector<FitTable> calibration_tables(const PreparedStudy& study);

/// The section `scenarios` with what was estimated written out, without what belongs to other models.
std::string calibrated_yaml(const PreparedStudy& study);

}  // namespace ballast
