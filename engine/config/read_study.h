#pragma once

#include <string>
#include <vector>

#include "engine/config/overrides.h"
#include "engine/config/study_config.h"
#include "engine/config/study_positions.h"

namespace ballast {

/// Reads a study strictly and checks all that can be checked without opening another file (check_study.h). Throws one
/// InputError with every problem, in the order of the file; `file_name` is how errors name it. `positions`, if given,
/// is filled even when it throws.
StudyConfig read_study(const std::string& file_name, const std::string& text,
                       const std::vector<Override>& overrides = {}, StudyPositions* positions = nullptr);

/// The study's text, from a file or a pipe. Throws InputError: with ExitCode::missing_input (66) when it cannot be read
/// or a pipe does not end, ExitCode::bad_input (65) for a file that is too long to be a study.
std::string load_study_text(const std::string& file_name);

}  // namespace ballast
