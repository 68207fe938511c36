#include "engine/study/run_study.h"

#include "engine/study/balance_durations.h"
#include "engine/study/choose_portfolios.h"
#include "engine/study/evaluate.h"
#include "engine/study/measure_fresh.h"
#include "engine/study/memory_plan.h"
#include "engine/study/result_files.h"
#include "engine/study/run_file.h"
#include "engine/study/study_policy.h"
#include "engine/study/study_results.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

/// What this kind of run cannot do, said before anything is computed.
void check_request(const StudyConfig& config, const RunRequest& request) {
  if (request.shard && config.optimize && !request.weights) {
    throw Error(ExitCode::usage,
                "--shard: error: the study optimises (each shard would do all of it again) first 'ballast optimize "
                "STUDY.yaml -o weights.csv', then give every shard '--weights weights.csv'");
  }
  if (!request.ranks->alone() && config.output.compression > 0) {
    throw key_error("output.compression",
                    "is not possible with several ranks (they write side by side, which compressed data do not allow) "
                    "leave it out, or compress by 'h5repack' afterwards");
  }
}

std::optional<WeightSearch> weight_search(const StudyConfig& config, const PreparedStudy& study, InputFiles& files,
                                          const RunRequest& request) {
  if (!config.optimize || request.weights) return std::nullopt;
  OptimiseInputs inputs{study.asset_names(), study.risk_free(), balance_durations(study), {}};
  WorstCase worst_case(config, &study, inputs.asset_names, files);
  check_constraints(study.config, inputs);
  return WeightSearch{std::move(inputs), std::move(worst_case)};
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
  const PreparedStudy study = prepare_study(config, files);
  std::optional<WeightSearch> search = weight_search(config, study, files, request);
  Results results = describe_study(study.config, files, request);
  describe_prepared(study, results);
  const MemoryPlan memory = plan_memory(
      study, {search.has_value(), !request.shard, search ? search->worst_case.simulated() : 0}, request.memory_bytes);
  check_request(study.config, request);
  const ShardRequest shard = request.shard.value_or(ShardRequest{});
  const ShardIdentity part = shard_of(results.scenarios, shard.number, shard.of);
  if (request.dry_run) return results;

  const bool two_portfolios = study.config.optimize.has_value() || request.weights;
  ResultsLayout layout =
      layout_of(study, results, search.has_value(), two_portfolios && !study.config.balance.current.empty());
  layout.first_scenario = part.first_scenario;
  layout.scenarios = part.scenarios;
  RunFile file(request, results, layout, part);
  const BalanceModel model(study);
  std::vector<NamedPortfolio> portfolios;
  file.stoppable([&] {
    portfolios = choose_portfolios(model, request, search, memory, file, results);
    request.progress("projecting on fresh scenarios");
    const std::uint64_t begin = part.first_scenario + file.results().appended();
    evaluate(model, portfolios, begin, part.first_scenario + part.scenarios, file.results(), ranks, [&] {
      file.checkpoint().tick();
      request.share(double(file.results().appended()) / double(part.scenarios));
    });
  });
  file.results().unshare();

  if (!request.shard) {
    file.stoppable([&] {
      request.progress("measuring");
      measure_fresh(study, portfolios, file.results(), memory, request.output_directory, ranks, results);
      if (study.policy_steps == 0) return;
      request.progress("optimising the policy");
      run_on_root(ranks, [&] { optimise_study_policy(model, portfolios[0].weights, results); });
    });
  }
  run_on_root(ranks, [&] {
    request.progress("writing");
    file.checkpoint().protect();
    if (request.shard) {
      keep_weights(portfolios, results);
      file.results().complete_shard(results, part);
      file.results().commit();
      describe_run(clock, results);
    } else {
      file.results().complete(results);
      describe_run(clock, results);
      write_result_files(results, study.config, request.base_directory, request.output_directory, file.results());
    }
    file.checkpoint().remove();
  });
  return results;
}

}  // namespace ballast
