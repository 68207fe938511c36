#include "engine/cli/options.h"

#include <limits>

#include <fmt/format.h>

#include "engine/cli/command_line.h"
#include "engine/cli/commands.h"
#include "engine/config/number_text.h"

namespace ballast {
namespace {

constexpr std::uint64_t kMostScenarios = 1000000000;
constexpr std::uint64_t kMostThreads = 4096;
constexpr std::uint64_t kMostShards = 1000000;
const OptionSpec kMemory{"memory", 0, "4GB", "memory the run may use"};
const OptionSpec kInputs{"inputs", 0, "DIR",
                         "folder of the study, for input files over 16 MB, which are not in the file"};
const OptionSpec kJson{"json", 0, "", "write summary.json to standard output instead of the table"};

const OptionSpec kSet{"set", 0, "KEY=VALUE",
                      "replace a key of the study, e.g. scenarios.count=1000; null leaves it out (may be repeated)",
                      true};
const OptionSpec kThreads{"threads", 0, "N", "threads; default: as many as the affinity mask allows"};
const OptionSpec kIsa{"isa", 0, "baseline|v3|v4",
                      "instruction set of the kernels; default: the processor's best (same results)"};
const OptionSpec kProgress{"progress", 0, "auto|always|never",
                           "progress on standard error; auto (default): on a terminal"};
const OptionSpec kQuiet{"quiet", 'q', "", "say nothing but errors"};

std::vector<Override> sets_of(const CommandLine& line) {
  std::vector<Override> sets;
  for (const std::string& assignment : line.texts("set")) sets.push_back(parse_override(assignment));
  return sets;
}

std::optional<int> threads_of(const CommandLine& line) {
  auto threads = line.natural("threads", 1, kMostThreads);
  return threads ? std::optional<int>(int(*threads)) : std::nullopt;
}

std::optional<Isa> isa_of(const CommandLine& line) {
  auto index = line.word("isa", {"baseline", "v3", "v4"});
  return index ? std::optional<Isa>(Isa(*index)) : std::nullopt;
}

/// "3/8": from 1/8 to 8/8.
std::optional<ShardRequest> shard_option(const CommandLine& line) {
  std::optional<std::string> word = line.text("shard");
  if (!word) return std::nullopt;
  std::size_t slash = std::min(word->find('/'), word->size());
  auto number = parse_natural(word->substr(0, slash));
  auto of = parse_natural(slash < word->size() ? word->substr(slash + 1) : "");
  if (!number.value || !of.value || *number.value < 1 || *number.value > *of.value || *of.value > kMostShards) {
    throw line.usage_error(fmt::format("option '--shard' must be K/N, from 1/N to N/N (got '{}')", *word));
  }
  return ShardRequest{*number.value, *of.value};
}

Progress progress_of(const CommandLine& line) {
  return Progress(line.word("progress", {"auto", "always", "never"}).value_or(0));
}

}  // namespace

std::vector<Override> RunOptions::overrides() const {
  std::vector<Override> all = sets;
  auto add = [&](const char* key, const char* option, const std::optional<std::uint64_t>& value) {
    if (value) all.push_back({key, fmt::format("{}", *value), fmt::format("{} {}", option, *value)});
  };
  add("scenarios.count", "--scenarios", scenarios);
  add("study.seed", "--seed", seed);
  return all;
}

Parsed<RunOptions> parse_run(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "run",
      "ballast run configs/quickstart.yaml -o results/quickstart",
      "Runs a study (- reads it from standard input): simulates, optimises, measures on fresh scenarios, and writes "
      "the "
      "results.",
      "STUDY.yaml",
      {{"output", 'o', "DIR", "where results go; default: the study's output.directory"},
       kSet,
       {"scenarios", 0, "N", "instead of scenarios.count"},
       {"seed", 0, "N", "instead of study.seed"},
       kThreads,
       kIsa,
       kMemory,
       {"weights", 0, "FILE.csv", "use these weights instead of optimising"},
       {"shard", 0, "K/N", "compute the K-th of N parts of the scenarios only, for ballast merge; weights come first"},
       {"sweep-index", 0, "K", "run the K-th study that the section 'sweep' stands for; its results go to DIR/K"},
       {"resume", 0, "", "go on with what a stopped run of this command left; start anew when there is nothing"},
       {"checkpoint", 0, "MINUTES", "between checkpoints; default 10; 0: only on SIGTERM, SIGHUP and SIGUSR1"},
       {"dry-run", 0, "", "check everything and show the plan, compute nothing"},
       kProgress,
       kQuiet,
       kJson},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  RunOptions options;
  options.study = line.argument();
  options.output_directory = line.text("output");
  options.sets = sets_of(line);
  options.scenarios = line.natural("scenarios", 1, kMostScenarios);
  options.seed = line.natural("seed", 0, std::numeric_limits<std::uint64_t>::max());
  options.threads = threads_of(line);
  options.isa = isa_of(line);
  options.memory = line.bytes("memory");
  options.weights = line.text("weights");
  options.shard = shard_option(line);
  options.sweep_index = line.natural("sweep-index", 1, kMostScenarios);
  options.resume = line.given("resume");
  options.checkpoint_minutes = line.number("checkpoint", 0.0, 1e6);
  options.dry_run = line.given("dry-run");
  options.progress = progress_of(line);
  options.quiet = line.given("quiet");
  options.json = line.given("json");
  return options;
}

Parsed<OptimizeCommandOptions> parse_optimize(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "optimize",
      "ballast optimize configs/pension_fund.yaml -o weights.csv",
      "Finds the optimal weights of a study and computes nothing else.",
      "STUDY.yaml",
      {{"output", 'o', "FILE.csv",
        "the weights, for ballast run --weights; -: standard output (required without --json)"},
       kSet,
       kThreads,
       kIsa,
       kMemory,
       kProgress,
       kQuiet,
       {"json", 0, "", "write the weights, their value, its bound and the shadow prices to standard output as JSON"}},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  OptimizeCommandOptions options;
  options.json = line.given("json");
  options.output = line.text("output");
  if (!options.output && !options.json) {
    throw line.usage_error("-o FILE.csv is missing (where the weights go) give it, or --json");
  }
  if (options.json && options.output && is_standard_output(*options.output)) {
    throw line.usage_error("-o and --json both go to standard output (the weights are in the JSON) leave -o away");
  }
  options.study = line.argument();
  options.sets = sets_of(line);
  options.threads = threads_of(line);
  options.memory = line.bytes("memory");
  options.isa = isa_of(line);
  options.progress = progress_of(line);
  options.quiet = line.given("quiet");
  return options;
}

Parsed<MergeOptions> parse_merge(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "merge",
      "ballast merge results/shard_*_of_8.h5 -o results/results.h5",
      "Joins the shards of a run into one results file and measures all of it, as if it had never been divided.",
      "SHARD.h5...",
      {{"output", 'o', "FILE.h5", "the results file (required); summary.json and the other files go beside it"},
       {"virtual", 0, "", "leave the scenarios in the shards and refer to them (HDF5 virtual datasets)"},
       kInputs,
       kThreads,
       kMemory,
       kProgress,
       kQuiet,
       kJson},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  if (!line.given("output")) throw line.usage_error("-o FILE.h5 is missing (where the whole goes)");
  MergeOptions options;
  options.shards = line.arguments();
  options.output = *line.text("output");
  options.virtual_datasets = line.given("virtual");
  options.inputs = line.text("inputs");
  options.threads = threads_of(line);
  options.memory = line.bytes("memory");
  options.progress = progress_of(line);
  options.quiet = line.given("quiet");
  options.json = line.given("json");
  return options;
}

Parsed<ValidateOptions> parse_validate(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "validate",
      "ballast validate configs/quickstart.yaml",
      "Checks a study and says everything that is wrong with it, by line and column.",
      "STUDY.yaml",
      {kSet, {"sweep-count", 0, "", "print only how many studies the section 'sweep' stands for"}, kQuiet},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  return ValidateOptions{line.argument(), sets_of(line), line.given("sweep-count"), line.given("quiet")};
}

Parsed<SchemaOptions> parse_schema(const std::vector<std::string>& words) {
  static const CommandSpec spec{"schema",
                                "ballast schema > study.schema.json",
                                "Prints the JSON Schema of studies, from which editors complete and check keys.",
                                "",
                                {{"reference", 0, "", "print the reference of all keys (Markdown) instead"}},
                                {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  return SchemaOptions{line.given("reference")};
}

Parsed<ReplayOptions> parse_replay(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "replay",
      "ballast replay results/quickstart/results.h5 --scenario 4711",
      "Computes one scenario again, from the results file alone, and shows every step.",
      "FILE.h5",
      {{"scenario", 0, "N", "the scenario, counted from 0 (required)"},
       {"set", 0, "optimise|evaluate", "which set of scenarios; default: evaluate, the fresh ones"},
       kInputs},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  ReplayOptions options;
  options.file = line.argument();
  options.set = ReplaySet(line.word("set", {"evaluate", "optimise"}).value_or(0));
  auto scenario = line.natural("scenario", 0, kMostScenarios);
  if (!scenario) throw line.usage_error("--scenario N is missing");
  options.scenario = *scenario;
  options.inputs = line.text("inputs");
  return options;
}

Parsed<ReportOptions> parse_report(const std::vector<std::string>& words) {
  static const CommandSpec spec{"report",
                                "ballast report results/quickstart/results.h5 -o report.html",
                                "Makes the page of results from a results file alone.",
                                "FILE.h5",
                                {{"output", 'o', "X.html", "the page; -: standard output (required)"}},
                                {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  if (!line.given("output")) throw line.usage_error("-o X.html is missing (where the page goes)");
  return ReportOptions{line.argument(), *line.text("output")};
}

Parsed<ExportOptions> parse_export(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "export",
      "ballast export results/quickstart/results.h5 --xlsx results.xlsx",
      "Writes the tables of a results file for other programs: CSV files, or a workbook with charts.",
      "FILE.h5",
      {{"csv", 0, "DIR", "a folder for one CSV file a table (RFC 4180, 17 significant digits)"},
       {"xlsx", 0, "FILE", "an Excel workbook"},
       {"scenarios", 0, "", "with --csv: also every scenario (scenarios.csv, asset_returns.csv)"}},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  ExportOptions options{line.argument(), line.text("csv"), line.text("xlsx"), line.given("scenarios")};
  if (!options.csv && !options.xlsx) throw line.usage_error("--csv DIR or --xlsx FILE is missing");
  if (options.scenarios && !options.csv) throw line.usage_error("--scenarios needs --csv DIR");
  return options;
}

Parsed<CompareOptions> parse_compare(const std::vector<std::string>& words) {
  static const CommandSpec spec{"compare",
                                "ballast compare results/1 results/2 results/3",
                                "Prints runs side by side (results files, or their folders): in what the studies "
                                "differ, and the headline figures.",
                                "FILE.h5...",
                                {},
                                {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  return CompareOptions{line.arguments()};
}

Parsed<CalibrateOptions> parse_calibrate(const std::vector<std::string>& words) {
  static const CommandSpec spec{"calibrate",
                                "ballast calibrate configs/pension_fund.yaml",
                                "Fits the study's model to its history and prints a YAML block to paste, with the fit.",
                                "STUDY.yaml",
                                {kSet, kThreads},
                                {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  return CalibrateOptions{line.argument(), sets_of(line), threads_of(line)};
}

Parsed<CurveOptions> parse_curve(const std::vector<std::string>& words) {
  static const CommandSpec spec{
      "curve",
      "ballast curve configs/pension_fund.yaml --at 1,5,10,30",
      "Prints the study's yield curve as CSV: tenor, zero rate, discount factor, forward rate.",
      "STUDY.yaml",
      {{"at", 0, "1,5,10,30", "tenors in years (required)"}, kSet},
      {}};
  CommandLine line(spec, words);
  if (line.help_wanted()) return HelpText{line.help()};
  CurveOptions options{line.argument(), sets_of(line), {}};
  std::string at = line.text("at").value_or("");
  if (at.empty()) throw line.usage_error("--at is missing (tenors in years, e.g. --at 1,5,10,30)");
  for (std::size_t start = 0; start <= at.size();) {
    std::size_t end = std::min(at.find(',', start), at.size());
    std::string word = at.substr(start, end - start);
    YamlNumber<double> tenor = parse_yaml_number(word);
    if (!tenor.value || !(*tenor.value >= 0.0) || *tenor.value > 1000.0) {
      throw line.usage_error(fmt::format("option '--at' must list tenors from 0 to 1000 years (got '{}')", word));
    }
    options.at.push_back(*tenor.value);
    start = end + 1;
  }
  return options;
}

}  // namespace ballast
