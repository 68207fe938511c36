#include "engine/study/choose_portfolios.h"

#include "engine/study/study_results.h"
#include "engine/study/study_views.h"

namespace ballast {
namespace {

/// The scenarios that weights were fitted to, or this rank's part of them, and the weights.
struct Fitted {
  HorizonScenarios scenarios;
  std::vector<double> weights;
};

Fitted fit_weights(const BalanceModel& model, const RunRequest& request, WeightSearch& search, const MemoryPlan& memory,
                   Ranks& ranks, Results& results) {
  const StudyConfig& config = model.study().config;
  Fitted fitted;
  request.progress("simulating the scenarios to optimise on");
  fitted.scenarios = simulate_horizon(model, Sequence::optimise, results.optimise_scenarios,
                                      memory.optimise_on_disk ? request.output_directory : "", ranks);
  apply_views(config.views, results.asset_names, "optimise", fitted.scenarios, results);
  search.inputs.worst_case = search.worst_case.take_sets(results.optimise_scenarios);
  request.progress("optimising");
  const OptimizationResult solved = optimise_weights(config, search.inputs, fitted.scenarios);
  results.optimizer = optimizer_result(config, solved, results.optimise_scenarios);
  measure_worst_case(config, fitted.scenarios, search.inputs.worst_case, solved.weights, results);
  results.frontier = frontier_points(config, search.inputs, fitted.scenarios);
  fitted.weights = solved.weights;
  return fitted;
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

/// Where all ranks can take part they do, and each writes its scenarios; else the root does all of it.
std::vector<double> find_weights(const BalanceModel& model, const RunRequest& request, WeightSearch& search,
                                 const MemoryPlan& memory, RunFile& file, Results& results) {
  Ranks& ranks = *request.ranks;
  if (divides_over_ranks(model.study().config)) {
    const Fitted fitted = fit_weights(model, request, search, memory, ranks, results);
    if (!file.resumed()) {
      run_on_root(ranks, [&] { file.results().create_optimise(model.study().has_liabilities(), false); });
    }
    file.results().share(ranks);
    if (!file.resumed()) run_together(ranks, [&] { file.results().write_optimise(optimise_set(fitted.scenarios)); });
    return fitted.weights;
  }
  std::vector<double> weights;
  run_on_root(ranks, [&] {
    const Fitted fitted = fit_weights(model, request, search, memory, one_process(), results);
    if (!file.resumed()) file.results().write_optimise(optimise_set(fitted.scenarios));
    weights = fitted.weights;
  });
  weights = of_root(ranks, std::move(weights));
  file.results().share(ranks);
  return weights;
}

}  // namespace

std::vector<NamedPortfolio> choose_portfolios(const BalanceModel& model, const RunRequest& request,
                                              std::optional<WeightSearch>& search, const MemoryPlan& memory,
                                              RunFile& file, Results& results) {
  const PreparedStudy& study = model.study();
  std::vector<NamedPortfolio> portfolios;
  if (search) {
    note_risk_free(*study.config.optimize, search->inputs.risk_free, results);
    results.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    portfolios.push_back({"optimal", find_weights(model, request, *search, memory, file, results)});
  } else {
    if (request.weights) portfolios.push_back({"optimal", *request.weights});
    file.results().share(*request.ranks);
  }
  std::vector<double> current = study.current_weights();
  if (!current.empty()) portfolios.push_back({"current", std::move(current)});
  return portfolios;
}

}  // namespace ballast
