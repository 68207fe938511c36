#pragma once

#include <cstdint>
#include <vector>

#include "engine/config/overrides.h"
#include "engine/config/study_config.h"

namespace ballast {

/// How many studies the section `sweep` stands for: every combination of the values of its keys; 1 without one. Throws
/// InputError where a key has no values.
std::uint64_t sweep_count(const StudyConfig& config);

/// What makes the index-th of them, counted from 1, of the study: each swept key's value, and no section `sweep`. Keys
/// are in alphabetical order, the last one's values change fastest. Throws Error (64) when there are fewer.
std::vector<Override> sweep_overrides(const StudyConfig& config, std::uint64_t index);

}  // namespace ballast
