#include "engine/study/run_study.h"

#include "engine/output/results_file.h"
#include "engine/study/balance_durations.h"
#include "engine/study/evaluate.h"
#include "engine/study/measure_results.h"
#include "engine/study/memory_plan.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/result_files.h"
#include "engine/study/study_results.h"

namespace ballast {

Results run_study(const StudyConfig& config, InputFiles& files, const RunRequest& request) {
  if (config.scenarios.model == ModelKind::file) return run_own_scenarios(config, files, request);
  RunClock clock;
  request.progress("reading");
  PreparedStudy study = prepare_study(config, files);
  bool optimises = study.config.optimize && !request.weights;
  OptimiseInputs inputs{study.asset_names(), std::nullopt, balance_durations(study), {}};
  if (optimises) inputs.worst_case = read_worst_case(study.config, inputs.asset_names, files);
  Results results = describe_study(study.config, files, request);
  describe_prepared(study, results);
  check_memory(study, optimises, request.memory_bytes);
  if (request.dry_run) return results;

  create_output_directory(request.output_directory);
  ResultsFile file(request.output_directory + "/results.h5", layout_of(study, results, optimises));
  BalanceModel model(study);
  std::optional<double> risk_free;
  if (!study.curve.empty()) risk_free = 1 / study.curve.discount(study.risk_horizon()) - 1;
  inputs.risk_free = risk_free;

  std::vector<NamedPortfolio> portfolios;
  if (optimises) {
    note_risk_free(*study.config.optimize, risk_free, results);
    request.progress("simulating the scenarios to optimise on");
    results.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    HorizonScenarios fitted = simulate_horizon(model, Sequence::optimise, results.optimise_scenarios);
    request.progress("optimising");
    OptimizationResult solved = optimise_weights(study.config, inputs, fitted);
    results.optimizer = optimizer_result(study.config, solved, results.optimise_scenarios);
    results.frontier = frontier_points(study.config, inputs, fitted);
    portfolios.push_back({"optimal", solved.weights});
    file.write_optimise({fitted.scenarios, fitted.assets, fitted.asset_return.data(), fitted.liability, {}});
  } else if (request.weights) {
    portfolios.push_back({"optimal", *request.weights});
  }
  std::vector<double> current = study.current_weights();
  if (!current.empty()) portfolios.push_back({"current", current});
  describe_balance(study, portfolios[0].weights, results);

  request.progress("projecting on fresh scenarios");
  Evaluation evaluation = evaluate(model, portfolios, file);

  request.progress("measuring");
  for (std::size_t p = 0; p < portfolios.size(); ++p) {
    measure_on(evaluation.horizon, portfolios[p], "evaluate", study.risk_horizon(), risk_free, results);
    (portfolios[p].name == "current" ? results.projection_current : results.projection) =
        project_rows(study, evaluation, p);
  }
  if (optimises) {
    measure_optimism(study.config, evaluation.horizon, risk_free, results);
    measure_frontier(study.config, evaluation.horizon, results);
  }
  results.rates = rate_rows(study, evaluation);
  if (study.stress) results.stress = stress_rows(*study.stress, portfolios);

  request.progress("writing");
  file.complete(results);
  describe_run(clock, results);
  write_result_files(results, study.config, request.base_directory, request.output_directory, file);
  return results;
}

}  // namespace ballast
