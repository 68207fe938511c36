#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/output/results.h"

namespace ballast {

struct MergeRequest {
  std::vector<std::string> shards;            ///< in any order
  std::string output;                         ///< the results file; summary.json and the others go beside it
  bool virtual_datasets = false;              ///< leave the scenarios where they are, and refer to them
  std::optional<std::string> inputs;          ///< folder of input files that were too large to embed
  std::optional<std::uint64_t> memory_bytes;  ///< a limit
  std::function<void(const std::string& stage)> progress = [](const std::string&) {};
};

/// Joins the shards of one run into a results file and measures all of it: what comes out has the bits of a run that
/// was never divided. Throws Error or InputError, before anything is written, when a shard is missing (66), occurs
/// twice, is unfinished, damaged, of another study, of other inputs, weights or program (65).
Results merge_shards(const MergeRequest& request);

}  // namespace ballast
