#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/study_config.h"
#include "engine/output/results.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// The number-th of `of` shards, counted from 1.
struct ShardRequest {
  std::uint64_t number = 1, of = 1;
};

struct RunRequest {
  std::string output_directory;                ///< created when missing
  std::string base_directory;                  ///< what the study's paths are relative to
  std::string original_study;                  ///< the study file's text
  std::optional<std::vector<double>> weights;  ///< instead of optimising, in the order of the assets
  std::string weights_sha256;                  ///< of the file they were given in
  std::optional<ShardRequest> shard;           ///< compute these scenarios only, into a file for merge_shards()
  std::optional<std::uint64_t> memory_bytes;   ///< a limit: what does not fit is refused before computing
  bool resume = false;                         ///< go on with what a stopped run left, when there is something
  double checkpoint_minutes = 10.0;            ///< between checkpoints; 0: only when a signal asks for one
  bool dry_run = false;                        ///< only read, check and fit
  Ranks* ranks = &one_process();               ///< that run the study together, all with the same request
  std::function<void(const std::string& stage)> progress = [](const std::string&) {};
  std::function<void(double done)> share = [](double) {};  ///< of the present stage, now and then, where it is known
};

/// The whole flow of a study: read and check, calibrate, simulate, optimise, simulate afresh and project, measure,
/// write. Writes the result files into the output directory and returns what they hold. Of several ranks each simulates
/// a part; the root measures all of it, writes, and has the results: the same, bit for bit, as one process's.
Results run_study(const StudyConfig& config, InputFiles& files, const RunRequest& request);

/// The same for a study on the user's own scenarios (model: file): nothing is simulated, and there are no fresh
/// scenarios to measure on. run_study calls it.
Results run_own_scenarios(const StudyConfig& config, InputFiles& files, const RunRequest& request);

}  // namespace ballast
