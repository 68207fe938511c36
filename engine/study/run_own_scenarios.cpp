#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/study/external_scenarios.h"
#include "engine/study/memory_plan.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/result_files.h"
#include "engine/study/run_study.h"
#include "engine/study/study_results.h"
#include "engine/study/study_views.h"
#include "engine/study/worst_case.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// Writes the set's returns block by block.
void append_returns(const HorizonScenarios& set, ResultsFile& file) {
  for (std::uint64_t first = 0; first < set.scenarios; first += kBlockScenarios) {
    EvaluateBlock block;
    block.first_scenario = first;
    block.scenarios = std::size_t(std::min<std::uint64_t>(kBlockScenarios, set.scenarios - first));
    block.asset_return = LaneArray(set.assets, block.scenarios);
    for (std::size_t lane = 0; lane < block.scenarios; ++lane) {
      for (std::size_t i = 0; i < set.assets; ++i) {
        block.asset_return(i, lane) = set.asset_return[(first + lane) * set.assets + i];
      }
    }
    if (!set.liability.empty()) {
      block.horizon_liability = LaneArray(1, block.scenarios);
      std::copy_n(set.liability.data() + first, block.scenarios, block.horizon_liability.row(0));
    }
    file.append(block);
  }
}

std::vector<double> weights_by_name(const std::map<std::string, double>& weights,
                                    const std::vector<std::string>& assets) {
  std::vector<double> in_order;
  for (const std::string& name : assets) {
    auto found = weights.find(name);
    in_order.push_back(found == weights.end() ? 0.0 : found->second);
  }
  return in_order;
}

}  // namespace

Results run_own_scenarios(const StudyConfig& config, InputFiles& files, const RunRequest& request) {
  RunClock clock;
  if (request.shard) {
    throw Error(ExitCode::usage,
                "--shard: error: the scenarios are the study's own (model: file); there is nothing to "
                "divide");
  }
  request.progress("reading");
  check_own_memory(*config.scenarios.path, request.base_directory, request.memory_bytes);
  ExternalScenarios external = read_external_scenarios(config, files);
  StudyConfig resolved = config;
  resolved.scenarios.count = int(external.set.scenarios);
  resolved.scenarios.optimise_count = resolved.scenarios.count;
  std::optional<double> risk_free;
  if (resolved.optimize) {
    resolved.optimize->horizon_years = resolved.scenarios.horizon_years;
    risk_free = resolved.optimize->risk_free_rate;
  }
  if (resolved.optimize) resolved.optimize->loss = loss_of(*resolved.optimize, !external.set.liability.empty());
  if (resolved.optimize && resolved.optimize->loss == LossKind::surplus && external.set.liability.empty()) {
    throw key_error("optimize.loss", "surplus needs a column 'liability' in the file of scenarios; say loss: return");
  }
  OptimiseInputs inputs{external.asset_names, risk_free, {}, {}};
  if (!request.weights) inputs.worst_case = WorstCase(resolved, nullptr, external.asset_names, files).take_sets(0);
  Results results = describe_study(resolved, files, request);
  results.scenarios = results.optimise_scenarios = external.set.scenarios;
  results.own_scenarios = true;
  results.asset_names = external.asset_names;
  results.risk_horizon_years = resolved.scenarios.horizon_years;
  results.notes.push_back(
      "own scenarios: everything is measured on the set that the weights were fitted to; there are no fresh ones");
  if (external.set.scenarios < external.set.assets) {
    results.notes.push_back(fmt::format("own scenarios: fewer ({}) than assets ({}): weights fit them, not the market",
                                        external.set.scenarios, external.set.assets));
  }
  if (resolved.optimize) note_risk_free(*resolved.optimize, risk_free, results);
  if (request.dry_run) return results;
  apply_views(resolved.views, external.asset_names, "optimise", external.set, results);

  create_output_directory(request.output_directory);
  ResultsLayout layout;
  layout.scenarios = layout.optimise_scenarios = external.set.scenarios;
  layout.asset_names = external.asset_names;
  layout.quantile_levels = results.quantile_levels;
  layout.horizon_liability = !external.set.liability.empty();
  layout.float32 = resolved.output.float32;
  layout.compression = resolved.output.compression;
  ResultsFile file(request.output_directory + "/results.h5", layout);
  file.write_optimise({external.set.scenarios,
                       external.set.assets,
                       external.set.asset_return.data(),
                       external.set.liability,
                       external.set.probability,
                       {}});
  append_returns(external.set, file);
  if (!external.set.probability.empty()) file.write_probability(external.set.probability);

  std::vector<NamedPortfolio> portfolios;
  if (resolved.optimize && !request.weights) {
    request.progress("optimising");
    OptimizationResult solved = optimise_weights(resolved, inputs, external.set);
    results.optimizer = optimizer_result(resolved, solved, external.set.scenarios);
    results.optimizer->fresh = {NAN, NAN};
    measure_worst_case(resolved, external.set, inputs.worst_case, solved.weights, results);
    results.frontier = frontier_points(resolved, inputs, external.set);
    for (FrontierPoint& point : results.frontier) point.fresh = {NAN, NAN};
    portfolios.push_back({"optimal", solved.weights});
  } else if (request.weights) {
    portfolios.push_back({"optimal", *request.weights});
  }
  if (!resolved.balance.current.empty()) {
    portfolios.push_back({"current", weights_by_name(resolved.balance.current, external.asset_names)});
  }
  measure_on(external.set, portfolios, "optimise", resolved.scenarios.horizon_years, risk_free, std::size_t(threads()),
             results);
  file.complete(results);
  describe_run(clock, results);
  write_result_files(results, resolved, request.base_directory, request.output_directory, file);
  return results;
}

}  // namespace ballast
