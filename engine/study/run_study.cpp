#include "engine/study/run_study.h"

#include <fmt/format.h>

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

OptimiseSet optimise_set(const HorizonScenarios& fitted) {
  OptimiseSet set{fitted.scenarios, fitted.assets,      fitted.asset_return.data(),
                  fitted.liability, fitted.probability, {}};
  set.done_with = [&fitted](std::size_t first, std::size_t count) {
    fitted.asset_return.release(first * fitted.assets, count * fitted.assets);
  };
  return set;
}

/// The optimal weights, found or given, then the current ones. A null file already holds the optimise set.
std::vector<NamedPortfolio> choose_portfolios(const BalanceModel& model, const RunRequest& request,
                                              const OptimiseInputs& inputs, const MemoryPlan& memory, ResultsFile* file,
                                              Results& results) {
  const PreparedStudy& study = model.study();
  std::vector<NamedPortfolio> portfolios;
  if (request.weights) {
    portfolios.push_back({"optimal", *request.weights});
  } else if (study.config.optimize) {
    note_risk_free(*study.config.optimize, inputs.risk_free, results);
    request.progress("simulating the scenarios to optimise on");
    results.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    HorizonScenarios fitted = simulate_horizon(model, Sequence::optimise, results.optimise_scenarios,
                                               memory.optimise_on_disk ? request.output_directory : "");
    apply_views(study.config.views, results.asset_names, "optimise", fitted, results);
    request.progress("optimising");
    OptimizationResult solved = optimise_weights(study.config, inputs, fitted);
    results.optimizer = optimizer_result(study.config, solved, results.optimise_scenarios);
    results.frontier = frontier_points(study.config, inputs, fitted);
    portfolios.push_back({"optimal", solved.weights});
    if (file) file->write_optimise(optimise_set(fitted));
  }
  std::vector<double> current = study.current_weights();
  if (!current.empty()) portfolios.push_back({"current", current});
  return portfolios;
}

}  // namespace

Results run_study(const StudyConfig& config, InputFiles& files, const RunRequest& request) {
  if (config.scenarios.model == ModelKind::file) return run_own_scenarios(config, files, request);
  RunClock clock;
  request.progress("reading");
  PreparedStudy study = prepare_study(config, files);
  bool optimises = study.config.optimize && !request.weights;
  OptimiseInputs inputs{study.asset_names(), study.risk_free(), balance_durations(study), {}};
  std::optional<WorstCase> worst_case;
  if (optimises) worst_case.emplace(config, &study, inputs.asset_names, files);
  Results results = describe_study(study.config, files, request);
  describe_prepared(study, results);
  const MemoryPlan memory = plan_memory(study, {optimises, !request.shard}, request.memory_bytes);
  if (request.shard && optimises) refuse_to_optimise_in_a_shard();
  const ShardRequest asked = request.shard.value_or(ShardRequest{});
  ShardIdentity part = shard_of(results.scenarios, asked.number, asked.of);
  if (request.dry_run) return results;

  create_output_directory(request.output_directory);
  bool two = (optimises || request.weights) && !study.config.balance.current.empty();
  ResultsLayout layout = layout_of(study, results, optimises, two);
  layout.first_scenario = part.first_scenario;
  layout.scenarios = part.scenarios;
  const std::string path = results_path(request);
  const std::string print = fingerprint(results, part, request.weights);
  std::optional<CheckpointRecord> earlier;
  if (request.resume) earlier = read_checkpoint(path, print);
  ResultsFile file =
      earlier ? ResultsFile(path, layout, earlier->partial, earlier->scenarios) : ResultsFile(path, layout);
  Checkpointer checkpoint(file, path, print, request.checkpoint_minutes, earlier.has_value());
  BalanceModel model(study);

  std::vector<NamedPortfolio> portfolios;
  try {
    if (worst_case) inputs.worst_case = worst_case->take_sets(std::uint64_t(*study.config.scenarios.optimise_count));
    portfolios = choose_portfolios(model, request, inputs, memory, earlier ? nullptr : &file, results);
    request.progress("projecting on fresh scenarios");
    evaluate(model, portfolios, part.first_scenario + file.appended(), part.first_scenario + part.scenarios, file, [&] {
      checkpoint.tick();
      request.share(double(file.appended()) / double(part.scenarios));
    });
    if (!request.shard) {
      request.progress("measuring");
      measure_fresh(study, portfolios, file, memory, request.output_directory, results);
    }
    if (!request.shard && study.policy_steps > 0) {
      request.progress("optimising the policy");
      results.policy = optimise_study_policy(model, portfolios[0].weights);
    }
  } catch (const Stopped& stopped) {
    checkpoint.stop(stopped);
  }

  request.progress("writing");
  checkpoint.protect();
  if (request.shard) {
    keep_weights(portfolios, results);
    file.complete_shard(results, part);
    file.commit();
    describe_run(clock, results);
  } else {
    file.complete(results);
    describe_run(clock, results);
    write_result_files(results, study.config, request.base_directory, request.output_directory, file);
  }
  checkpoint.remove();
  return results;
}

}  // namespace ballast
