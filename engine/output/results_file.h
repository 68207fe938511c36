#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/results.h"
#include "engine/output/results_layout.h"
#include "engine/output/shard.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

class Ranks;

/// The version of results.h5's format that this program writes, and the newest it reads.
inline constexpr int kResultsFormatVersion = 1;

/// Input files up to this size are embedded in results.h5.
inline constexpr std::size_t kLargestEmbeddedInput = std::size_t(16) << 20;

/// Writes results.h5 (format: FORMAT.md) while scenarios are evaluated, one block at a time. All calls from one thread
/// at a time. The file appears under its name only when it is complete. Throws Error (73 cannot create, 74 cannot
/// write); after an error only destruction is allowed.
class ResultsFile {
 public:
  ResultsFile(const std::string& path, const ResultsLayout& layout);
  /// A rank's hold on the file that the root makes: nothing, until share().
  explicit ResultsFile(const ResultsLayout& layout);
  /// Goes on with what an earlier run of the same layout left: its first `appended` scenarios are there, and so is the
  /// optimise set.
  ResultsFile(const std::string& path, const ResultsLayout& layout, const std::string& partial_path,
              std::uint64_t appended);
  ~ResultsFile();  ///< removes what is unfinished, unless kept
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  /// From here to unshare() all ranks write rows: any blocks, each once, and their scenarios to optimise on. Both calls
  /// are made by all ranks at once; in between only append(), advance_to(), write_optimise() and keep_partial() are
  /// allowed. With one rank nothing changes.
  void share(Ranks& ranks);
  void unshare();
  Ranks& ranks() const;  ///< that have it open

  /// Makes group /optimise; the layout has optimise scenarios.
  void create_optimise(bool with_liability, bool with_probability);
  /// The scenarios that the weights were fitted to, or this rank's part of them. Makes the group if there is none.
  void write_optimise(const OptimiseSet& set);
  /// The next block, in order.
  void append(const EvaluateBlock& block);
  /// While shared: the ranks have appended the first `scenarios`.
  void advance_to(std::uint64_t scenarios);
  /// The next scenarios of a file with the same datasets, all that it holds. Does nothing to a virtual file.
  void append_file(const hdf5::File& other);
  /// What append() wrote of a dataset ("surplus", "current/surplus"); exact but for float32.
  bool holds(const std::string& dataset) const;
  hdf5::Dataset dataset(const std::string& name) const;
  const hdf5::File& content() const;
  std::uint64_t scenarios() const;
  std::uint64_t appended() const;

  /// Brings all that was appended to the disk, to be resumed from even if this process is killed. Returns the path of
  /// the file as it is named until it is complete. While shared: by all ranks at once.
  std::string keep_partial();
  /// Leaves the kept file as it is, and goes on with a copy (on XFS and btrfs one that shares its blocks). Nothing may
  /// be appended any more.
  void continue_in_a_copy();
  /// The probabilities of all scenarios where they differ; at most once, after the last block.
  void write_probability(const std::vector<double>& probability);
  /// After the last block: what was found over all scenarios, and where it came from. The file is then whole, but still
  /// without its name.
  void complete(const Results& results);
  /// Instead of complete(), for a part of the scenarios: nothing is measured.
  void complete_shard(const Results& results, const ShardIdentity& shard);
  /// Where the file is until it has its name; after complete() it can be read there.
  const std::string& partial_path() const;
  /// After complete(): the file takes its name.
  void commit();
  /// Both.
  void finish(const Results& results);

 private:
  struct Impl;
  ResultsLayout layout_;
  std::unique_ptr<Impl> impl_;  ///< null on ranks that have not the file open
};

}  // namespace ballast
