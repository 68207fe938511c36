#include "engine/study/run_study.h"

#include <memory>

#include <fmt/format.h>

#include "engine/output/partial_file.h"
#include "engine/output/results_file.h"
#include "engine/study/balance_durations.h"
#include "engine/study/checkpoint.h"
#include "engine/study/evaluate.h"
#include "engine/study/measure_fresh.h"
#include "engine/study/memory_plan.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/result_files.h"
#include "engine/study/study_policy.h"
#include "engine/study/study_results.h"
#include "engine/study/study_views.h"
#include "engine/study/worst_case.h"
#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"

namespace ballast {
namespace {

std::string results_path(const RunRequest& request) {
  if (!request.shard) return request.output_directory + "/results.h5";
  return fmt::format("{}/shard_{}_of_{}.h5", request.output_directory, request.shard->number, request.shard->of);
}

[[noreturn]] void refuse_to_optimise_in_a_shard() {
  throw Error(ExitCode::usage,
              "--shard: error: the study optimises (each shard would do all of it again) first 'ballast optimize "
              "STUDY.yaml -o weights.csv', then give every shard '--weights weights.csv'");
}

[[noreturn]] void refuse_compression() {
  throw key_error("output.compression",
                  "is not possible with several ranks (they write side by side, which compressed data do not allow) "
                  "leave it out, or compress by 'h5repack' afterwards");
}

OptimiseSet optimise_set(const HorizonScenarios& fitted) {
  OptimiseSet set{fitted.scenarios, fitted.assets,      fitted.asset_return.data(),
                  fitted.liability, fitted.probability, {}};
  set.first = fitted.share.first;
  set.done_with = [&fitted](std::size_t first, std::size_t count) {
    fitted.asset_return.release(first * fitted.assets, count * fitted.assets);
  };
  return set;
}

/// What is optimised on, and what came out.
struct Fitted {
  HorizonScenarios scenarios;
  std::vector<double> weights;
};

Fitted fit_weights(const BalanceModel& model, const RunRequest& request, OptimiseInputs inputs, WorstCase& worst_case,
                   const MemoryPlan& memory, Ranks& ranks, Results& results) {
  const StudyConfig& config = model.study().config;
  Fitted fitted;
  request.progress("simulating the scenarios to optimise on");
  fitted.scenarios = simulate_horizon(model, Sequence::optimise, results.optimise_scenarios,
                                      memory.optimise_on_disk ? request.output_directory : "", ranks);
  apply_views(config.views, results.asset_names, "optimise", fitted.scenarios, results);
  inputs.worst_case = worst_case.take_sets(results.optimise_scenarios);
  request.progress("optimising");
  const OptimizationResult solved = optimise_weights(config, inputs, fitted.scenarios);
  results.optimizer = optimizer_result(config, solved, results.optimise_scenarios);
  measure_worst_case(config, fitted.scenarios, inputs.worst_case, solved.weights, results);
  results.frontier = frontier_points(config, inputs, fitted.scenarios);
  fitted.weights = solved.weights;
  return fitted;
}

/// The optimal weights, found or given, then the current ones; from here on all ranks write to the file. worst_case:
/// null with given weights. resumed: the file already holds the optimise set.
std::vector<NamedPortfolio> choose_portfolios(const BalanceModel& model, const RunRequest& request,
                                              const OptimiseInputs& inputs, WorstCase* worst_case,
                                              const MemoryPlan& memory, bool resumed, ResultsFile& file,
                                              Results& results) {
  const PreparedStudy& study = model.study();
  Ranks& ranks = *request.ranks;
  std::vector<NamedPortfolio> portfolios;
  if (request.weights) {
    portfolios.push_back({"optimal", *request.weights});
    file.share(ranks);
  } else if (study.config.optimize) {
    note_risk_free(*study.config.optimize, inputs.risk_free, results);
    results.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    Fitted fitted;
    if (divides_over_ranks(study.config)) {
      fitted = fit_weights(model, request, inputs, *worst_case, memory, ranks, results);
      if (!resumed) {
        run_on_root(ranks, [&] { file.create_optimise(study.has_liabilities(), false); });
      }
      file.share(ranks);
      if (!resumed) run_together(ranks, [&] { file.write_optimise(optimise_set(fitted.scenarios)); });
    } else {
      run_on_root(ranks, [&] {
        fitted = fit_weights(model, request, inputs, *worst_case, memory, one_process(), results);
        if (!resumed) file.write_optimise(optimise_set(fitted.scenarios));
      });
      fitted.weights = of_root(ranks, std::move(fitted.weights));
      file.share(ranks);
    }
    portfolios.push_back({"optimal", fitted.weights});
  } else {
    file.share(ranks);
  }
  std::vector<double> current = study.current_weights();
  if (!current.empty()) portfolios.push_back({"current", current});
  return portfolios;
}

/// All ranks work on one study, or the results would be of none.
void check_same_run(Ranks& ranks, const std::string& print) {
  const std::string of_first = of_root(ranks, print);
  run_together(ranks, [&] {
    if (print == of_first) return;
    throw Error(ExitCode::bad_input,
                fmt::format("error: rank {} reads another study, other inputs, or is another program than rank 0; give "
                            "all ranks the same files",
                            ranks.rank()));
  });
}

/// Opens the results file: anew, or where an earlier run stopped. On ranks but the root there is none yet.
std::unique_ptr<ResultsFile> open_results_file(const std::string& path, const ResultsLayout& layout,
                                               const std::optional<CheckpointRecord>& earlier, bool root) {
  if (!root) return std::make_unique<ResultsFile>(layout);
  if (!earlier) return std::make_unique<ResultsFile>(path, layout);
  return std::make_unique<ResultsFile>(path, layout, earlier->partial, earlier->scenarios);
}

}  // namespace

Results run_study(const StudyConfig& config, InputFiles& files, const RunRequest& request) {
  Ranks& ranks = *request.ranks;
  if (config.scenarios.model == ModelKind::file) {
    // Nothing is simulated: there is nothing to divide.
    Results own;
    run_on_root(ranks, [&] { own = run_own_scenarios(config, files, request); });
    return own;
  }
  RunClock clock;
  request.progress("reading");
  PreparedStudy study = prepare_study(config, files);
  bool optimises = study.config.optimize && !request.weights;
  OptimiseInputs inputs{study.asset_names(), study.risk_free(), balance_durations(study), {}};
  std::optional<WorstCase> worst_case;
  if (optimises) worst_case.emplace(config, &study, inputs.asset_names, files);
  Results results = describe_study(study.config, files, request);
  describe_prepared(study, results);
  const MemoryPlan memory =
      plan_memory(study, {optimises, !request.shard, worst_case ? worst_case->simulated() : 0}, request.memory_bytes);
  if (request.shard && optimises) refuse_to_optimise_in_a_shard();
  if (!ranks.alone() && study.config.output.compression > 0) refuse_compression();
  const ShardRequest asked = request.shard.value_or(ShardRequest{});
  ShardIdentity part = shard_of(results.scenarios, asked.number, asked.of);
  if (request.dry_run) return results;

  bool two = (optimises || request.weights) && !study.config.balance.current.empty();
  ResultsLayout layout = layout_of(study, results, optimises, two);
  layout.first_scenario = part.first_scenario;
  layout.scenarios = part.scenarios;
  const std::string path = results_path(request);
  const std::string print = fingerprint(results, part, request.weights);
  check_same_run(ranks, print);
  std::optional<CheckpointRecord> earlier;
  std::unique_ptr<ResultsFile> file;
  run_on_root(ranks, [&] {
    create_output_directory(request.output_directory);
    if (request.resume) earlier = read_checkpoint(path, print);
    PartialFile::remove_left_over(path, kept_partial(path));
    file = open_results_file(path, layout, earlier, true);
  });
  if (!file) file = open_results_file(path, layout, earlier, false);
  const bool resumed = of_root(ranks, earlier.has_value());
  Checkpointer checkpoint(*file, path, print, request.checkpoint_minutes, resumed);
  BalanceModel model(study);

  std::vector<NamedPortfolio> portfolios;
  try {
    portfolios =
        choose_portfolios(model, request, inputs, worst_case ? &*worst_case : nullptr, memory, resumed, *file, results);
    request.progress("projecting on fresh scenarios");
    const std::uint64_t begin = part.first_scenario + file->appended(), end = part.first_scenario + part.scenarios;
    evaluate(model, portfolios, begin, end, *file, ranks, [&] {
      checkpoint.tick();
      request.share(double(file->appended()) / double(part.scenarios));
    });
  } catch (const Stopped& stopped) {
    checkpoint.stop(stopped);
  }
  file->unshare();

  run_on_root(ranks, [&] {
    try {
      if (!request.shard) {
        request.progress("measuring");
        measure_fresh(study, portfolios, *file, memory, request.output_directory, results);
      }
      if (!request.shard && study.policy_steps > 0) {
        request.progress("optimising the policy");
        optimise_study_policy(model, portfolios[0].weights, results);
      }
    } catch (const Stopped& stopped) {
      checkpoint.stop(stopped);
    }
    request.progress("writing");
    checkpoint.protect();
    if (request.shard) {
      keep_weights(portfolios, results);
      file->complete_shard(results, part);
      file->commit();
      describe_run(clock, results);
    } else {
      file->complete(results);
      describe_run(clock, results);
      write_result_files(results, study.config, request.base_directory, request.output_directory, *file);
    }
    checkpoint.remove();
  });
  return results;
}

}  // namespace ballast
