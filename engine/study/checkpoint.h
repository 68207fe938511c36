#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/output/results_file.h"
#include "scenarios/base/error.h"

namespace ballast {

/// What a run that was stopped left, in the small file RESULTS.h5.checkpoint.
struct CheckpointRecord {
  std::string partial;              ///< path of the unfinished results file
  std::uint64_t scenarios = 0;      ///< of its own that it holds, from the first
  std::uint64_t all_scenarios = 0;  ///< that it will hold
  std::string fingerprint;          ///< of all that decides what is in it
};

/// SHA-256 of all that decides the content of a results file: program, study, inputs, given weights, part of the
/// scenarios.
std::string fingerprint(const Results& results, const ShardIdentity& part,
                        const std::optional<std::vector<double>>& weights);

/// The unfinished run of this results file; empty when there is none. Throws InputError when it is there, but was of
/// another study, options, inputs, weights or program, or its data are gone.
std::optional<CheckpointRecord> read_checkpoint(const std::string& results_path, const std::string& fingerprint);

/// The unfinished results file that a checkpoint, of whatever run, refers to; "" without one.
std::string kept_partial(const std::string& results_path);

/// Makes the blocks written to a results file durable: from time to time, and when asked to. At any moment the disk
/// holds either no checkpoint or a whole one, whatever kills the program.
class Checkpointer {
 public:
  /// every_minutes: 0: only when asked to. resumed: the file goes on from a checkpoint, which is on the disk.
  Checkpointer(ResultsFile& file, std::string results_path, std::string fingerprint, double every_minutes,
               bool resumed);

  // While ranks share the file, all call tick(), save() and stop() together.

  /// After a block: saves when the time has come.
  void tick();
  /// Brings all blocks written so far to the disk, then says so in the checkpoint file. Throws Error (74).
  void save();
  /// There is one on the disk.
  bool exists() const { return exists_; }
  /// A signal stopped the run: saves what is done (Ctrl-C: only what was saved before counts) and throws Stopped, which
  /// says whether there is something to resume.
  [[noreturn]] void stop(const Stopped& stopped);
  /// Before the file is completed: what a checkpoint refers to is not touched any more.
  void protect();
  /// The results are complete: removes the checkpoint, its data, and those of earlier runs.
  void remove();

 private:
  ResultsFile& file_;
  std::string path_, results_path_, fingerprint_;
  std::chrono::duration<double> every_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  bool exists_ = false;
};

}  // namespace ballast
