#pragma once

#include "engine/config/study_config.h"
#include "scenarios/base/error.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// Every input of the study's market, liabilities and further scenario sets that cannot be read, as one error with
/// ExitCode::missing_input; `first` where they all can.
InputError all_missing_inputs(const StudyConfig& config, InputFiles& files, const InputError& first);

}  // namespace ballast
