#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/results.h"
#include "engine/output/shard.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// The version of results.h5's format that this program writes, and the newest it reads.
inline constexpr int kResultsFormatVersion = 1;

/// Input files up to this size are embedded in results.h5.
inline constexpr std::size_t kLargestEmbeddedInput = std::size_t(16) << 20;

/// What a results file will hold: known before the first scenario is simulated.
struct ResultsLayout {
  std::uint64_t first_scenario = 0;      ///< a shard's: its rows are these scenarios of the evaluation set
  std::uint64_t scenarios = 0;           ///< of the evaluation set that this file holds
  std::uint64_t optimise_scenarios = 0;  ///< 0: no group /optimise
  std::vector<std::string> asset_names, liability_names;
  std::vector<double> times;  ///< report times in years, from 0; empty without projection
  std::vector<double> curve_tenors, key_rate_tenors, quantile_levels, view_tenors;

  bool asset_return = true;        ///< (scenario, asset)
  bool liabilities = false;        ///< liability_pv, liability_duration (scenario, time)
  bool balance = false;            ///< assets_value, surplus, funding_ratio (scenario, time)
  bool horizon_liability = false;  ///< (scenario)
  bool current_balance = false;    ///< group /current: the same three of the current weights, beside optimal ones
  bool rates = false;              ///< short_rate, ten_year_rate (scenario, time)
  bool zero_rate = false;          ///< (scenario, time, tenor); needs curve_tenors
  /// liability_convexity (scenario, time), liability_key_rate_duration (scenario, time, key_rate) and pv_by_liability
  /// (scenario, time, liability).
  bool liability_measures = false;
  bool inflation = false;  ///< among the measures the inflation duration
  bool float32 = false;    ///< store datasets over scenarios in single precision
  int compression = 0;     ///< gzip level of datasets over scenarios; 0: none
  /// Where the rows of datasets over scenarios are, when other files hold them; empty: here.
  std::vector<hdf5::VirtualRows> parts;
};

/// Writes results.h5 (format: FORMAT.md) while scenarios are evaluated, one block at a time. All calls from one thread
/// at a time. The file appears under its name only when it is complete. Throws Error (73 cannot create, 74 cannot
/// write); after an error only destruction is allowed.
class ResultsFile {
 public:
  ResultsFile(const std::string& path, const ResultsLayout& layout);
  /// Goes on with what an earlier run of the same layout left: its first `appended` scenarios are there, and so is the
  /// optimise set.
  ResultsFile(const std::string& path, const ResultsLayout& layout, const std::string& partial_path,
              std::uint64_t appended);
  ~ResultsFile();  ///< removes what is unfinished, unless kept
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  /// The scenarios that the weights were fitted to; at most once, only when layout.optimise_scenarios > 0.
  void write_optimise(const OptimiseSet& set);
  /// The next block, in order.
  void append(const EvaluateBlock& block);
  /// The next scenarios of a file with the same datasets, all that it holds. Does nothing to a virtual file.
  void append_file(const hdf5::File& other);
  /// What append() wrote of a dataset ("surplus", "current/surplus"); exact but for float32.
  bool holds(const std::string& dataset) const;
  hdf5::Dataset dataset(const std::string& name) const;
  std::uint64_t scenarios() const;
  std::uint64_t appended() const;

  /// Brings all that was appended to the disk, to be resumed from even if this process is killed. Returns the path of
  /// the file as it is named until it is complete.
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
  std::unique_ptr<Impl> impl_;
};

}  // namespace ballast
