#pragma once

#include "engine/config/study_config.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// Finds whatever is wrong with a study that can be known before anything is simulated: reads its files, fits its
/// model, makes its stresses and further scenario sets definite, and asks whether any weights satisfy its constraints.
/// Throws InputError with key paths; NoSolutionError (69).
void validate_study(const StudyConfig& config, InputFiles& files);

}  // namespace ballast
