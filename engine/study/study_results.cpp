#include "engine/study/study_results.h"

#include <algorithm>
#include <functional>
#include <variant>

#include <sys/resource.h>

#include "engine/config/write_study.h"
#include "engine/study/distribution.h"
#include "engine/study/market_moves.h"
#include "engine/study/measure_results.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/study_views.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// Confidence of VaR and CVaR in a study that does not optimise.
constexpr double kUsualConfidence = 0.95;

/// The objective of weights on scenarios that they were not fitted to.
Estimate fresh_value(const StudyConfig& config, const std::vector<std::string>& asset_names,
                     const HorizonScenarios& fresh, const std::vector<double>& weights, double risk_free) {
  std::vector<double> returns = fresh.losses(weights, false);
  for (double& r : returns) r = -r;
  return measure_objective(*config.optimize, optimised_losses(config, asset_names, fresh, weights), returns,
                           fresh.weights(), trading_cost(config, asset_names, weights), risk_free);
}

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::uint64_t(usage.ru_maxrss) * 1024;
}

}  // namespace

Results describe_study(const StudyConfig& config, const InputFiles& files, const RunRequest& request) {
  Results results;
  results.study_name = config.study.name;
  results.seed = config.study.seed;
  if (config.study.valuation_date) results.valuation_date = to_string(*config.study.valuation_date);
  results.resolved_config = to_yaml(config);
  results.original_study = request.original_study;
  results.weights_sha256 = request.weights_sha256;
  results.compounding = name_of(config.measures.compounding);
  for (const InputFiles::File* file : files.all()) results.inputs.push_back({file->name, file->sha256, file->content});
  results.quantile_levels = reported_quantiles();
  results.confidence = config.optimize ? config.optimize->confidence : kUsualConfidence;
  return results;
}

void describe_prepared(const PreparedStudy& study, Results& results) {
  results.scenarios = std::uint64_t(study.config.scenarios.count);
  const SamplingParameters& sampling = study.config.scenarios.sampling;
  results.sampling = name_of(sampling.kind);
  const Replications replications(sampling);
  if (!replications.independent()) results.replications = replications.clusters(results.scenarios);
  results.asset_names = study.asset_names();
  results.notes = study.notes;
  if (!study.curve.empty()) results.key_rate_tenors = study.config.measures.key_rates;
  results.curve_tenors = study.curve.tenors();
  results.curve_zero_rates = study.curve.zero_rates();
  for (int step : study.report_steps) results.times.push_back(step * study.step_years());
  results.risk_horizon_years = study.risk_horizon();
  if (study.history.periods() > 0) {
    results.history_years = double(study.history.periods()) / study.history.periods_per_year;
  }
  describe_liabilities(study, results);
  describe_assets(study, results);
}

ResultsLayout layout_of(const PreparedStudy& study, const Results& results, bool optimises, bool with_current) {
  const OutputParameters& output = study.config.output;
  ResultsLayout layout;
  layout.scenarios = results.scenarios;
  if (optimises) layout.optimise_scenarios = std::uint64_t(*study.config.scenarios.optimise_count);
  layout.asset_names = results.asset_names;
  layout.liability_names = study.liabilities.names();
  layout.times = results.times;
  layout.curve_tenors = study.world->tenors();
  if (study.has_liabilities()) layout.key_rate_tenors = results.key_rate_tenors;
  layout.quantile_levels = results.quantile_levels;
  layout.liabilities = layout.horizon_liability = study.has_liabilities();
  layout.balance = true;
  layout.current_balance = with_current;
  layout.view_tenors = view_tenors(study.config.views);
  layout.rates = study.world->has_curve();
  layout.zero_rate = output.zero_rates;
  layout.price_index = study.world->has_inflation();
  layout.spread_names = study.world->spread_names();
  layout.liability_measures = output.key_rate_durations && study.has_liabilities();
  layout.inflation = study.liabilities.needs_inflation();
  layout.float32 = output.float32;
  layout.compression = output.compression;
  return layout;
}

void measure_on(const HorizonScenarios& set, const std::vector<NamedPortfolio>& portfolios, const std::string& sample,
                double horizon, std::optional<double> risk_free, std::size_t at_once, Results& results) {
  using Measured = std::variant<PortfolioResult, RiskRow, ContributionRow>;
  std::vector<std::function<Measured()>> wanted;
  const double confidence = *results.confidence;
  for (const NamedPortfolio& portfolio : portfolios) {
    const auto& [name, weights] = portfolio;
    wanted.push_back([&] { return measure_portfolio(name, weights, set, horizon, confidence, risk_free); });
    for (const char* of : {"return", "surplus"}) {
      const bool surplus = of == std::string("surplus");
      if (surplus && set.liability.empty()) continue;
      wanted.push_back([&, of, surplus] {
        return measure_risk(of, name, sample, set.losses(weights, surplus), set.weights(), horizon, confidence);
      });
      wanted.push_back([&, of] { return measure_contributions(of, name, sample, set, weights, confidence); });
    }
  }
  ordered_blocks(
      wanted.size(), [&](std::size_t k) { return wanted[k](); },
      [&](std::size_t, Measured& measured) {
        if (auto* portfolio = std::get_if<PortfolioResult>(&measured)) {
          (portfolio->name == "current" ? results.current : results.portfolio) = std::move(*portfolio);
        } else if (auto* risk = std::get_if<RiskRow>(&measured)) {
          results.risk.push_back(std::move(*risk));
        } else {
          results.contributions.push_back(std::get<ContributionRow>(std::move(measured)));
        }
      },
      at_once);
}

OptimizerResult optimizer_result(const StudyConfig& config, const OptimizationResult& solved, std::uint64_t scenarios) {
  OptimizerResult result;
  result.objective = solved.objective;
  result.loss = name_of(config.optimize->loss);
  result.status = solved.status;
  result.value = solved.value;
  result.lower_bound = solved.lower_bound;
  result.relative_gap = solved.relative_gap;
  result.residual = solved.residual;
  for (const ShadowPrice& price : solved.shadow_prices) {
    result.shadow_prices.push_back({price.constraint, price.limit, price.price});
  }
  result.reduced_costs = solved.reduced_cost;
  result.iterations = solved.iterations;
  result.seconds = solved.seconds;
  result.scenarios = scenarios;
  return result;
}

void measure_worst_case(const StudyConfig& config, const HorizonScenarios& own,
                        const std::vector<HorizonScenarios>& further, const std::vector<double>& weights,
                        Results& results) {
  if (further.empty()) return;
  std::vector<const HorizonScenarios*> sets{&own};
  for (const HorizonScenarios& set : further) sets.push_back(&set);
  const double costs = trading_cost(config, results.asset_names, weights);
  std::vector<WorstCaseSet>& measured = results.optimizer->worst_case;
  for (const HorizonScenarios* set : sets) {
    const RiskRow risk = measure_risk("", "", "", optimised_losses(config, results.asset_names, *set, weights),
                                      set->weights(), *results.risk_horizon_years, config.optimize->confidence);
    measured.push_back({set->name, set->scenarios, {risk.cvar.value + costs, risk.cvar.standard_error}});
  }
  std::stable_sort(measured.begin(), measured.end(),
                   [](const WorstCaseSet& a, const WorstCaseSet& b) { return a.cvar.value > b.cvar.value; });
}

void note_risk_free(const OptimizeParameters& asked, std::optional<double> risk_free, Results& results) {
  if (asked.objective != Objective::max_sharpe || risk_free) return;
  results.notes.push_back(
      "max_sharpe: there is no yield curve, so the risk-free rate is 0 in the ratio maximised "
      "(optimize.risk_free_rate states another)");
}

void measure_optimism(const StudyConfig& config, const HorizonScenarios& fresh, std::optional<double> risk_free,
                      Results& results) {
  OptimizerResult& optimizer = *results.optimizer;
  const std::vector<double>& weights = results.portfolio->weights;
  optimizer.fresh = fresh_value(config, results.asset_names, fresh, weights, risk_free.value_or(0.0));
  if (config.optimize->worst_case.empty()) optimizer.optimism = optimizer.fresh.value - optimizer.value;
}

void measure_frontier(const StudyConfig& config, const HorizonScenarios& fresh, Results& results) {
  for (FrontierPoint& point : results.frontier) {
    point.fresh = fresh_value(config, results.asset_names, fresh, point.weights, 0.0);
  }
}

void apply_stresses(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios, Results& results) {
  std::vector<std::pair<std::string, std::vector<double>>> named;
  for (const NamedPortfolio& portfolio : portfolios) named.emplace_back(portfolio.name, portfolio.weights);
  auto moves = std::min(std::uint64_t(study.stress->wanted_moves()), results.scenarios);
  StressOutcome outcome = study.stress->apply(named, moves > 0 ? market_moves(study, moves) : FactorSample{});
  results.stress = std::move(outcome.rows);
  results.capital = std::move(outcome.capital);
  results.stress_grids = std::move(outcome.grids);
  results.reverse_stress = std::move(outcome.reverse);
}

void describe_run(const RunClock& clock, Results& results) {
  results.threads = threads();
  results.seconds = clock.seconds();
  results.peak_memory_bytes = peak_memory();
}

}  // namespace ballast
