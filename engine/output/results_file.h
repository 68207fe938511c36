#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/output/results.h"

namespace ballast {

/// The version of results.h5's format that this program writes, and the newest it reads.
inline constexpr int kResultsFormatVersion = 1;

/// Input files up to this size are embedded in results.h5.
inline constexpr std::size_t kLargestEmbeddedInput = std::size_t(16) << 20;

/// What a results file will hold: known before the first scenario is simulated.
struct ResultsLayout {
  std::uint64_t scenarios = 0;           ///< of the evaluation set
  std::uint64_t optimise_scenarios = 0;  ///< 0: no group /optimise
  std::vector<std::string> asset_names, liability_names;
  std::vector<double> times;  ///< report times in years, from 0; empty without projection
  std::vector<double> curve_tenors, key_rate_tenors, quantile_levels;

  bool asset_return = true;        ///< (scenario, asset)
  bool horizon_liability = false;  ///< (scenario)
  bool liabilities = false;        ///< liability_pv, liability_duration (scenario, time)
  bool balance = false;            ///< assets_value, surplus, funding_ratio (scenario, time)
  bool zero_rate = false;          ///< (scenario, time, tenor); needs curve_tenors
  /// liability_convexity (scenario, time), liability_key_rate_duration (scenario, time, key_rate) and pv_by_liability
  /// (scenario, time, liability).
  bool liability_measures = false;
  bool float32 = false;  ///< store datasets over scenarios in single precision
  int compression = 0;   ///< gzip level of datasets over scenarios; 0: none
};

/// Writes results.h5 (format: FORMAT.md) while scenarios are evaluated, one block at a time. All calls from one thread
/// at a time. The file appears under its name only when it is complete. Throws Error (73 cannot create, 74 cannot
/// write); after an error only destruction is allowed.
class ResultsFile {
 public:
  ResultsFile(const std::string& path, const ResultsLayout& layout);
  ~ResultsFile();  ///< removes what is unfinished
  ResultsFile(const ResultsFile&) = delete;
  ResultsFile& operator=(const ResultsFile&) = delete;

  /// The scenarios that the weights were fitted to; at most once, only when layout.optimise_scenarios > 0.
  void write_optimise(const OptimiseSet& set);
  /// The next block: first_scenario must be the number of scenarios appended so far.
  void append(const EvaluateBlock& block);
  /// After the last block: what was found over all scenarios, and where it came from. The file is then whole, but still
  /// without its name.
  void complete(const Results& results);
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
