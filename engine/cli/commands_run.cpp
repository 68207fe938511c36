#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/cli/commands.h"
#include "engine/cli/load_study.h"
#include "engine/output/labels.h"
#include "engine/output/partial_file.h"
#include "engine/output/summary_json.h"
#include "engine/output/summary_text.h"
#include "engine/study/balance_durations.h"
#include "engine/study/balance_path.h"
#include "engine/study/external_scenarios.h"
#include "engine/study/memory_plan.h"
#include "engine/study/merge_shards.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/prepared_study.h"
#include "engine/study/run_study.h"
#include "engine/study/study_results.h"
#include "engine/study/study_views.h"
#include "engine/study/worst_case.h"
#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/ranks.h"
#include "scenarios/base/stop.h"

namespace ballast {
namespace {

/// One line on standard error that says what is being done and, where it is known, how much of it is done and how long
/// the rest will take; gone when it is done.
class StageLine {
 public:
  StageLine(Progress when, bool quiet)
      : on_(!quiet && (when == Progress::always || (when == Progress::automatic && terminal()))) {}
  ~StageLine() {
    if (on_) std::fputs("\r\033[K", stderr);
  }
  void show(const std::string& stage) {
    stage_ = stage;
    began_ = shown_ = Clock::now();
    first_share_ = -1.0;
    if (on_) std::fprintf(stderr, "\r\033[K%s...", stage.c_str());
  }
  /// done: share of the stage, 0 to 1. The rest is taken to go as fast as what was seen of it.
  void show_share(double done) {
    if (!on_) return;
    Clock::time_point now = Clock::now();
    if (first_share_ < 0.0) {  // of a run that was resumed, much may be done already
      first_share_ = done;
      began_ = now;
    }
    if (now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    std::string left;
    if (done > first_share_) {
      double seconds = std::chrono::duration<double>(now - began_).count() * (1 - done) / (done - first_share_);
      left = seconds < 90 ? fmt::format(", {:.0f} s left", seconds) : fmt::format(", {:.0f} min left", seconds / 60);
    }
    std::fprintf(stderr, "\r\033[K%s: %.0f%%%s", stage_.c_str(), 100 * done, left.c_str());
  }

 private:
  static bool terminal() {
    const char* kind = std::getenv("TERM");
    return isatty(STDERR_FILENO) && !(kind && std::string_view(kind) == "dumb");
  }
  using Clock = std::chrono::steady_clock;
  bool on_;
  std::string stage_;
  Clock::time_point began_ = Clock::now(), shown_ = began_;
  double first_share_ = -1.0;
};

void set_machine(std::optional<int> thread_count, std::optional<Isa> isa) {
  if (thread_count) set_threads(*thread_count);
  if (isa) set_isa(*isa);
}

void show(const Results& results, bool json, bool quiet, const std::string& directory) {
  if (json) {
    fmt::print("{}", summary_json(results));
  } else if (!quiet) {
    fmt::print("{}", summary_text(results, directory));
  }
}

/// The names that weights go by: the study's assets, or the columns of its file of scenarios.
std::vector<std::string> asset_names(LoadedStudy& study) {
  std::vector<std::string> names;
  for (const AssetParameters& asset : study.config.assets) names.push_back(asset.name);
  if (names.empty())
    study.with_positions([&] { names = read_external_scenarios(study.config, study.files).asset_names; });
  return names;
}

}  // namespace

int run_command(const RunOptions& options) {
  const Unfinished run;
  set_machine(options.threads, options.isa);
  LoadedStudy study = load_study(options.study, options.overrides(), options.sweep_index);
  refuse_sweep(study);
  RunRequest request;
  request.original_study = study.text;
  request.base_directory = study.base_directory;
  request.output_directory = options.output_directory.value_or(
      (std::filesystem::path(study.base_directory) / study.config.output.directory.text /
       (options.sweep_index ? std::to_string(*options.sweep_index) : ""))
          .lexically_normal()
          .string());
  if (options.scenarios && study.config.scenarios.model == ModelKind::file) {
    throw Error(ExitCode::usage, "--scenarios: error: the study runs on its own scenarios, all of them (model: file)");
  }
  request.memory_bytes = options.memory;
  request.dry_run = options.dry_run;
  if (options.weights) {
    request.weights = read_weights(*options.weights, asset_names(study));
    request.weights_sha256 = InputFiles(".").read({*options.weights}).sha256;
  }
  request.shard = options.shard;
  request.resume = options.resume;
  request.ranks = &all_ranks();
  if (options.checkpoint_minutes) request.checkpoint_minutes = *options.checkpoint_minutes;
  const bool root = request.ranks->root();
  Results results;
  {
    StageLine line(options.progress, options.quiet || !root);
    request.progress = [&](const std::string& stage) { line.show(stage); };
    request.share = [&](double done) { line.show_share(done); };
    study.with_positions([&] { results = run_study(study.config, study.files, request); });
  }
  if (!root) return 0;
  if (options.dry_run) {
    if (!options.quiet)
      fmt::print("{}: sound; nothing was computed. The study as it would run:\n\n{}", study.file,
                 results.resolved_config);
    return 0;
  }
  if (options.shard) {
    if (!options.quiet) {
      fmt::print("shard {} of {} is in {}; 'ballast merge' joins all of them\n", options.shard->number,
                 options.shard->of, request.output_directory);
    }
    return 0;
  }
  show(results, options.json, options.quiet, request.output_directory);
  return 0;
}

int merge_command(const MergeOptions& options) {
  const Unfinished merge;
  set_machine(options.threads, std::nullopt);
  MergeRequest request;
  request.shards = options.shards;
  request.output = options.output;
  request.virtual_datasets = options.virtual_datasets;
  request.inputs = options.inputs;
  request.memory_bytes = options.memory;
  Results results;
  {
    StageLine line(options.progress, options.quiet);
    request.progress = [&](const std::string& stage) { line.show(stage); };
    results = merge_shards(request);
  }
  show(results, options.json, options.quiet, std::filesystem::path(options.output).parent_path().string());
  return 0;
}

int optimize_command(const OptimizeCommandOptions& options) {
  set_machine(options.threads, options.isa);
  LoadedStudy loaded = load_study(options.study, options.sets);
  refuse_sweep(loaded);
  if (!loaded.config.optimize) {
    throw locate(key_error("optimize", "the study has no section 'optimize'"), loaded.positions, loaded.file);
  }
  std::vector<std::string> names;
  OptimizationResult solved;
  Results results;  // what --json tells of
  auto describe = [&](const HorizonScenarios& fitted, std::uint64_t scenarios, const OptimiseInputs& inputs,
                      double horizon) {
    results.asset_names = names;
    results.risk_horizon_years = horizon;
    results.optimizer = optimizer_result(loaded.config, solved, scenarios);
    measure_worst_case(loaded.config, fitted, inputs.worst_case, solved.weights, results);
  };
  Ranks& ranks = all_ranks();
  // own: who holds the scenarios.
  auto solve = [&](Ranks& own) {
    if (loaded.config.scenarios.model == ModelKind::file) {
      check_own_memory(*loaded.config.scenarios.path, loaded.base_directory, options.memory);
      ExternalScenarios external = read_external_scenarios(loaded.config, loaded.files);
      loaded.config.optimize->loss = loss_of(*loaded.config.optimize, !external.set.liability.empty());
      names = external.asset_names;
      Results unused;
      apply_views(loaded.config.views, names, "optimise", external.set, unused);
      OptimiseInputs inputs{names,
                            loaded.config.optimize->risk_free_rate,
                            {},
                            WorstCase(loaded.config, nullptr, names, loaded.files).take_sets(0)};
      solved = optimise_weights(loaded.config, inputs, external.set);
      describe(external.set, external.set.scenarios, inputs, loaded.config.scenarios.horizon_years);
      return;
    }
    PreparedStudy study = prepare_study(loaded.config, loaded.files);
    names = study.asset_names();
    const auto scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    OptimiseInputs inputs{names, study.risk_free(), balance_durations(study), {}};
    WorstCase worst_case(loaded.config, &study, names, loaded.files);
    check_constraints(study.config, inputs);
    BalanceModel model(study);
    const MemoryPlan memory = plan_memory(study, {true, false, worst_case.simulated()}, options.memory);
    inputs.worst_case = worst_case.take_sets(scenarios);
    std::string folder = std::filesystem::path(options.output.value_or("")).parent_path().string();
    HorizonScenarios fitted = simulate_horizon(model, Sequence::optimise, scenarios,
                                               memory.optimise_on_disk ? (folder.empty() ? "." : folder) : "", own);
    Results unused;
    apply_views(study.config.views, names, "optimise", fitted, unused);
    solved = optimise_weights(study.config, inputs, fitted);
    describe(fitted, scenarios, inputs, study.risk_horizon());
  };
  loaded.with_positions([&] {
    StageLine line(options.progress, options.quiet || !ranks.root());
    line.show("optimising");
    if (loaded.config.scenarios.model != ModelKind::file && divides_over_ranks(loaded.config)) {
      solve(ranks);
    } else {
      run_on_root(ranks, [&] { solve(one_process()); });
    }
  });
  run_on_root(ranks, [&] {
    if (!options.output) return;
    std::string csv = "asset,weight\n";
    for (std::size_t i = 0; i < names.size(); ++i)
      csv += fmt::format("{},{:.17g}\n", csv_field(names[i]), solved.weights[i]);
    write_output(*options.output, csv);
  });
  if (!ranks.root()) return 0;
  if (options.json) {
    fmt::print("{}", optimum_json(*results.optimizer, names, solved.weights));
  } else if (!options.quiet && !is_standard_output(*options.output)) {
    fmt::print("{} of {}: value {:.10g}", solved.status, solved.objective, solved.value);
    if (solved.lower_bound)
      fmt::print(", lower bound {:.10g}, relative gap {:.1e}", *solved.lower_bound, *solved.relative_gap);
    fmt::print("; weights in {}\n", *options.output);
  }
  return 0;
}

}  // namespace ballast
