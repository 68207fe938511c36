#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/io/hdf5.h"

namespace ballast {

/// A part of the scenarios of a run, which others complete.
struct ShardIdentity {
  std::uint64_t number = 1, of = 1;  ///< 1 <= number <= of
  std::uint64_t first_scenario = 0, scenarios = 0;
  std::uint64_t all_scenarios = 0;  ///< of all shards
};

/// The number-th of `of` shards of a run: whole blocks of 1,024 scenarios, as evenly as they go. Throws Error (64) when
/// there are more shards than blocks.
ShardIdentity shard_of(std::uint64_t all_scenarios, std::uint64_t number, std::uint64_t of);

/// Marks a results file as a shard.
void write_shard(hdf5::File& file, const ShardIdentity& shard);

/// Empty for a results file that is no shard.
std::optional<ShardIdentity> read_shard(const hdf5::File& file);

/// Throws InputError (65) for a shard, which has scenarios but no results yet.
void refuse_shard(const hdf5::File& file);

}  // namespace ballast
