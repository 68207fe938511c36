#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/cli/command_line.h"
#include "engine/config/overrides.h"
#include "engine/study/run_study.h"
#include "scenarios/base/isa.h"

namespace ballast {

enum class Progress { automatic, always, never };

// One struct a command: what the user asked for, checked.

struct RunOptions {
  std::string study;
  std::optional<std::string> output_directory;
  std::vector<Override> sets;              ///< --set, in order; --scenarios and --seed are not among them
  std::optional<std::uint64_t> scenarios;  ///< instead of scenarios.count
  std::optional<std::uint64_t> seed;       ///< instead of study.seed
  std::optional<int> threads;
  std::optional<Isa> isa;
  std::optional<std::uint64_t> memory;  ///< bytes
  std::optional<std::string> weights;   ///< CSV file
  std::optional<ShardRequest> shard;
  std::optional<std::uint64_t> sweep_index;
  bool resume = false;
  std::optional<double> checkpoint_minutes;
  bool dry_run = false;
  Progress progress = Progress::automatic;
  bool quiet = false;
  bool json = false;

  /// sets, then --scenarios and --seed as overrides of their keys: what read_study() takes.
  std::vector<Override> overrides() const;
};

struct OptimizeCommandOptions {
  std::string study;
  std::optional<std::string> output;  ///< CSV file of the weights; none: with json only
  std::vector<Override> sets;
  std::optional<int> threads;
  std::optional<std::uint64_t> memory;  ///< bytes
  std::optional<Isa> isa;
  Progress progress = Progress::automatic;
  bool quiet = false;
  bool json = false;
};

struct MergeOptions {
  std::vector<std::string> shards;
  std::string output;  ///< HDF5 file
  bool virtual_datasets = false;
  std::optional<std::string> inputs;  ///< folder
  std::optional<int> threads;
  std::optional<std::uint64_t> memory;  ///< bytes
  Progress progress = Progress::automatic;
  bool quiet = false;
  bool json = false;
};

struct ValidateOptions {
  std::string study;
  std::vector<Override> sets;
  bool sweep_count = false;
  bool quiet = false;
};

struct SchemaOptions {
  bool reference = false;
};

/// Which scenarios a results file holds twice.
enum class ReplaySet { evaluate, optimise };

struct ReplayOptions {
  std::string file;
  ReplaySet set = ReplaySet::evaluate;
  std::uint64_t scenario = 0;         ///< from 0
  std::optional<std::string> inputs;  ///< the folder of the study
};

struct CalibrateOptions {
  std::string study;
  std::vector<Override> sets;
  std::optional<int> threads;
};

struct CurveOptions {
  std::string study;
  std::vector<Override> sets;
  std::vector<double> at;  ///< tenors in years, each above 0
};

struct ReportOptions {
  std::string file;
  std::string output;  ///< HTML file
};

struct ExportOptions {
  std::string file;
  std::optional<std::string> csv, xlsx;  ///< a folder, a file; one of them at least
  bool scenarios = false;                ///< also every scenario, in CSV
};

struct CompareOptions {
  std::vector<std::string> files;  ///< results files, or folders with one
};

template <class Options>
using Parsed = std::variant<Options, HelpText>;

// Each takes the words after the command's name. They throw Error(usage) that names the option and what is wrong.
Parsed<RunOptions> parse_run(const std::vector<std::string>& words);
Parsed<OptimizeCommandOptions> parse_optimize(const std::vector<std::string>& words);
Parsed<MergeOptions> parse_merge(const std::vector<std::string>& words);
Parsed<ValidateOptions> parse_validate(const std::vector<std::string>& words);
Parsed<SchemaOptions> parse_schema(const std::vector<std::string>& words);
Parsed<ReplayOptions> parse_replay(const std::vector<std::string>& words);
Parsed<ReportOptions> parse_report(const std::vector<std::string>& words);
Parsed<ExportOptions> parse_export(const std::vector<std::string>& words);
Parsed<CompareOptions> parse_compare(const std::vector<std::string>& words);
Parsed<CalibrateOptions> parse_calibrate(const std::vector<std::string>& words);
Parsed<CurveOptions> parse_curve(const std::vector<std::string>& words);

}  // namespace ballast
