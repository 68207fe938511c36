#pragma once

#include <string>
#include <string_view>

#include "engine/config/study_config.h"

namespace ballast {

/// The complete study as YAML, in the order of its descriptions, with every default written out; an empty optional is
/// its word ("auto"), or left out where it has none. read_study() gives back an equal config: numbers are written with
/// the fewest digits that give the same bits. What its paths are relative to is said in the first line.
std::string to_yaml(const StudyConfig& config, std::string_view paths_relative_to = "the original study");

}  // namespace ballast
