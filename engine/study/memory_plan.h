#pragma once

#include <cstdint>
#include <optional>

#include "engine/study/prepared_study.h"

namespace ballast {

/// Bytes that a study will hold at its peak, about: the values kept per scenario and the blocks in flight.
std::uint64_t planned_bytes(const PreparedStudy& study, bool optimises);

/// Bytes left for reading report times back to measure them (visit_columns), under this limit.
std::uint64_t column_bytes(const PreparedStudy& study, std::optional<std::uint64_t> limit);

/// Throws Error (64) when the plan exceeds the limit, with the number of scenarios that would fit.
void check_memory(const PreparedStudy& study, bool optimises, std::optional<std::uint64_t> limit);

}  // namespace ballast
