#pragma once

#include <string>

#include "engine/study/study_config.h"

namespace ballast {

/// The complete study as YAML, in the order of its descriptions, with every default written out; an empty optional is
/// its word ("auto"), or left out where it has none. read_study() gives back an equal config: numbers are written with
/// the fewest digits that give the same bits.
std::string to_yaml(const StudyConfig& config);

}  // namespace ballast
