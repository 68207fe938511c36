#include "engine/study/run_study.h"

#include <chrono>
#include <cmath>

#include <fmt/format.h>
#include <sys/resource.h>

#include "engine/output/results_file.h"
#include "engine/study/evaluate.h"
#include "engine/study/external_scenarios.h"
#include "engine/study/measure_results.h"
#include "engine/study/memory_plan.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/result_files.h"
#include "engine/study/write_study.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// Confidence of VaR and CVaR in a study that does not optimise.
constexpr double kUsualConfidence = 0.95;

struct Clock {
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); }
};

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::uint64_t(usage.ru_maxrss) * 1024;
}

/// What does not depend on scenarios.
Results describe_study(const StudyConfig& config, const InputFiles& files, const RunRequest& request) {
  Results results;
  results.study_name = config.study.name;
  results.seed = config.study.seed;
  if (config.study.valuation_date) results.valuation_date = to_string(*config.study.valuation_date);
  results.resolved_config = to_yaml(config);
  results.original_study = request.original_study;
  results.compounding = name_of(config.measures.compounding);
  for (const InputFiles::File* file : files.all()) results.inputs.push_back({file->name, file->sha256, file->content});
  results.quantile_levels = reported_quantiles();
  results.confidence = config.optimize ? config.optimize->confidence : kUsualConfidence;
  return results;
}

void describe_prepared(const PreparedStudy& study, Results& results) {
  results.scenarios = std::uint64_t(study.config.scenarios.count);
  results.asset_names = study.asset_names();
  results.notes = study.notes;
  if (study.has_liabilities()) results.key_rate_tenors = study.config.measures.key_rates;
  results.curve_tenors = study.curve.tenors();
  results.curve_zero_rates = study.curve.zero_rates();
  for (int step : study.report_steps) results.times.push_back(step * study.step_years());
  results.risk_horizon_years = study.risk_horizon();
  if (study.history.periods() > 0) {
    results.history_years = double(study.history.periods()) / study.history.periods_per_year;
  }
  describe_liabilities(study, results);
}

ResultsLayout layout_of(const PreparedStudy& study, const Results& results, bool optimises) {
  const OutputParameters& output = study.config.output;
  ResultsLayout layout;
  layout.scenarios = results.scenarios;
  if (optimises) layout.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
  layout.asset_names = results.asset_names;
  for (const CashFlows& flows : study.liabilities) layout.liability_names.push_back(flows.name);
  layout.times = results.times;
  layout.curve_tenors = study.world->tenors();
  layout.key_rate_tenors = results.key_rate_tenors;
  layout.quantile_levels = results.quantile_levels;
  layout.liabilities = study.has_liabilities();
  layout.balance = true;
  layout.zero_rate = output.zero_rates;
  layout.liability_measures = output.key_rate_durations && study.has_liabilities();
  layout.float32 = output.float32;
  return layout;
}

/// Portfolio and risk rows of one portfolio on a scenario set.
void measure_on(const HorizonScenarios& set, const NamedPortfolio& portfolio, const std::string& sample, double horizon,
                std::optional<double> risk_free, Results& results) {
  PortfolioResult measured =
      measure_portfolio(portfolio.name, portfolio.weights, set, horizon, *results.confidence, risk_free);
  for (const char* of : {"return", "surplus"}) {
    bool surplus = of == std::string("surplus");
    if (surplus && set.liability.empty()) continue;
    results.risk.push_back(measure_risk(of, portfolio.name, sample, set.losses(portfolio.weights, surplus),
                                        set.probability, horizon, *results.confidence));
  }
  (portfolio.name == "current" ? results.current : results.portfolio) = measured;
}

OptimizerResult optimizer_result(const StudyConfig& config, const OptimizationResult& solved, std::uint64_t scenarios) {
  OptimizerResult result;
  result.objective = solved.objective;
  result.loss = name_of(config.optimize->loss);
  result.status = solved.status;
  result.value = solved.value;
  result.lower_bound = solved.lower_bound;
  result.relative_gap = solved.relative_gap;
  result.iterations = solved.iterations;
  result.seconds = solved.seconds;
  result.scenarios = scenarios;
  return result;
}

/// Without a curve there is no riskless return; the ratio is then maximised with none, which a reader must know.
void note_risk_free(const OptimizeParameters& asked, std::optional<double> risk_free, Results& results) {
  if (asked.objective != Objective::max_sharpe || risk_free) return;
  results.notes.push_back("max_sharpe: there is no yield curve, so the risk-free rate is 0 in the ratio maximised");
}

/// The objective on scenarios that the weights were not fitted to, and how much better it looked on its own.
void measure_optimism(const StudyConfig& config, const HorizonScenarios& fresh, std::optional<double> risk_free,
                      Results& results) {
  OptimizerResult& optimizer = *results.optimizer;
  const OptimizeParameters& asked = *config.optimize;
  std::vector<double> losses = fresh.losses(results.portfolio->weights, asked.loss == LossKind::surplus);
  optimizer.fresh =
      measure_objective(asked.objective, losses, fresh.probability, asked.confidence, risk_free.value_or(0.0));
  optimizer.optimism = optimizer.fresh.value - optimizer.value;
}

void finish(const Clock& clock, Results& results) {
  results.threads = threads();
  results.seconds = clock.seconds();
  results.peak_memory_bytes = peak_memory();
}

Results run_simulated(const StudyConfig& config, InputFiles& files, const RunRequest& request, const Clock& clock) {
  request.progress("reading");
  PreparedStudy study = prepare_study(config, files);
  bool optimises = study.config.optimize && !request.weights;
  Results results = describe_study(study.config, files, request);
  describe_prepared(study, results);
  check_memory(study, optimises, request.memory_bytes);
  if (request.dry_run) return results;

  create_output_directory(request.output_directory);
  ResultsFile file(request.output_directory + "/results.h5", layout_of(study, results, optimises));
  BalanceModel model(study);
  std::optional<double> risk_free;
  if (!study.curve.empty()) risk_free = 1 / study.curve.discount(study.risk_horizon()) - 1;

  std::vector<NamedPortfolio> portfolios;
  if (optimises) {
    note_risk_free(*study.config.optimize, risk_free, results);
    request.progress("simulating the scenarios to optimise on");
    results.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
    HorizonScenarios fitted = simulate_horizon(model, Sequence::optimise, results.optimise_scenarios);
    request.progress("optimising");
    OptimizationResult solved = optimise_weights(study.config, results.asset_names, fitted, risk_free);
    results.optimizer = optimizer_result(study.config, solved, results.optimise_scenarios);
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
  if (optimises) measure_optimism(study.config, evaluation.horizon, risk_free, results);
  results.rates = rate_rows(study, evaluation);

  request.progress("writing");
  file.complete(results);
  finish(clock, results);
  write_result_files(results, study.config, request.base_directory, request.output_directory, file);
  return results;
}

/// A study on the user's own scenarios: nothing is simulated, and there are no fresh scenarios to measure on.
Results run_external(const StudyConfig& config, InputFiles& files, const RunRequest& request, const Clock& clock) {
  request.progress("reading");
  ExternalScenarios external = read_external_scenarios(config, files);
  StudyConfig resolved = config;
  resolved.scenarios.count = int(external.set.scenarios);
  resolved.scenarios.optimise_count = resolved.scenarios.count;
  if (resolved.optimize) resolved.optimize->loss = loss_of(*resolved.optimize, !external.set.liability.empty());
  if (resolved.optimize && resolved.optimize->loss == LossKind::surplus && external.set.liability.empty()) {
    throw key_error("optimize.loss", "surplus needs a column 'liability' in the file of scenarios; say loss: return");
  }
  Results results = describe_study(resolved, files, request);
  results.scenarios = results.optimise_scenarios = external.set.scenarios;
  results.own_scenarios = true;
  results.asset_names = external.asset_names;
  results.risk_horizon_years = resolved.scenarios.horizon_years;
  results.notes.push_back(
      "own scenarios: everything is measured on the set that the weights were fitted to; there are no fresh ones");
  if (resolved.optimize) note_risk_free(*resolved.optimize, std::nullopt, results);
  if (request.dry_run) return results;

  create_output_directory(request.output_directory);
  ResultsLayout layout;
  layout.scenarios = layout.optimise_scenarios = external.set.scenarios;
  layout.asset_names = external.asset_names;
  layout.quantile_levels = results.quantile_levels;
  ResultsFile file(request.output_directory + "/results.h5", layout);
  file.write_optimise({external.set.scenarios, external.set.assets, external.set.asset_return.data(),
                       external.set.liability, external.set.probability});
  for (std::uint64_t first = 0; first < external.set.scenarios; first += kBlockScenarios) {
    EvaluateBlock block;
    block.first_scenario = first;
    block.scenarios = std::size_t(std::min<std::uint64_t>(kBlockScenarios, external.set.scenarios - first));
    block.asset_return = LaneArray(external.set.assets, block.scenarios);
    for (std::size_t lane = 0; lane < block.scenarios; ++lane) {
      for (std::size_t i = 0; i < external.set.assets; ++i) {
        block.asset_return(i, lane) = external.set.asset_return[(first + lane) * external.set.assets + i];
      }
    }
    file.append(block);
  }

  std::vector<NamedPortfolio> portfolios;
  if (resolved.optimize && !request.weights) {
    request.progress("optimising");
    OptimizationResult solved = optimise_weights(resolved, external.asset_names, external.set, std::nullopt);
    results.optimizer = optimizer_result(resolved, solved, external.set.scenarios);
    results.optimizer->fresh = {NAN, NAN};
    results.optimizer->optimism = NAN;
    portfolios.push_back({"optimal", solved.weights});
  } else if (request.weights) {
    portfolios.push_back({"optimal", *request.weights});
  }
  if (!resolved.balance.current.empty()) {
    NamedPortfolio current{"current", {}};
    for (const std::string& name : external.asset_names) {
      auto found = resolved.balance.current.find(name);
      current.weights.push_back(found == resolved.balance.current.end() ? 0.0 : found->second);
    }
    portfolios.push_back(current);
  }
  for (const NamedPortfolio& portfolio : portfolios) {
    measure_on(external.set, portfolio, "optimise", resolved.scenarios.horizon_years, std::nullopt, results);
  }
  file.complete(results);
  finish(clock, results);
  write_result_files(results, resolved, request.base_directory, request.output_directory, file);
  return results;
}

}  // namespace

Results run_study(const StudyConfig& config, InputFiles& files, const RunRequest& request) {
  Clock clock;
  return config.scenarios.model == ModelKind::file ? run_external(config, files, request, clock)
                                                   : run_simulated(config, files, request, clock);
}

}  // namespace ballast
