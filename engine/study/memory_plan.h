#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/study/prepared_study.h"

namespace ballast {

/// What a command does that takes memory.
struct MemoryNeeds {
  bool optimises = false;
  bool measures = true;            ///< a shard does not
  std::uint64_t further_sets = 0;  ///< of the worst case, simulated beside the set to optimise on
};

/// How a study keeps within its memory. What grows with the number of scenarios alone (losses, one report time) is in
/// memory always; the matrices of the risk horizon go to scratch files when they do not fit.
struct MemoryPlan {
  std::uint64_t bytes = 0;           ///< that the process will hold at its peak, about
  bool optimise_on_disk = false;     ///< the returns that the weights are fitted to
  bool measure_on_disk = false;      ///< the returns that risk is measured on
  std::uint64_t column_bytes = 0;    ///< for reading report times back (measure_columns)
  std::size_t measured_at_once = 1;  ///< measures of the horizon in parallel (measure_on)
};

/// The plan under a limit (default: the machine's memory). Throws Error (64) when the study needs more however it is
/// kept, with the memory and with the number of scenarios that would do.
MemoryPlan plan_memory(const PreparedStudy& study, const MemoryNeeds& needs, std::optional<std::uint64_t> limit);

/// Throws Error (64) when a file of scenarios does not fit, before it is read, by its size and its first lines. folder:
/// what the path is relative to.
void check_own_memory(const InputPath& path, const std::string& folder, std::optional<std::uint64_t> limit);

}  // namespace ballast
