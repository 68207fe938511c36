#include "engine/study/measure_fresh.h"

#include <optional>
#include <string>

#include "engine/study/measure_projection.h"
#include "engine/study/measure_results.h"
#include "engine/study/study_results.h"
#include "engine/study/study_views.h"
#include "scenarios/validate/validate.h"

namespace ballast {
namespace {

/// On the root: what is measured at the risk horizon, and the probabilities that go with everything else.
HorizonScenarios measure_horizon(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios,
                                 ResultsFile& file, const MemoryPlan& memory, const std::string& scratch,
                                 Results& results) {
  HorizonScenarios horizon = read_horizon(file, memory.measure_on_disk ? scratch : "");
  horizon.replications = Replications(study.config.scenarios.sampling);
  apply_views(study.config.views, results.asset_names, "evaluate", horizon, results);
  if (!horizon.probability.empty()) file.write_probability(horizon.probability);
  measure_on(horizon, portfolios, "evaluate", study.risk_horizon(), study.risk_free(), memory.measured_at_once,
             results);
  if (results.optimizer) {
    measure_optimism(study.config, horizon, study.risk_free(), results);
    measure_frontier(study.config, horizon, results);
  }
  horizon.asset_return = {};
  return horizon;
}

/// The report times, by all ranks, each with the file open for reading; by the root alone where the probabilities, that
/// it alone has, differ.
ProjectionMeasures measure_times(const PreparedStudy& study, const ResultsFile& file, const ScenarioWeights& weights,
                                 std::size_t portfolios, const MemoryPlan& memory, Ranks& ranks) {
  const std::string path = of_root(ranks, ranks.root() ? file.partial_path() : std::string());
  ProjectionMeasures measures;
  if (!study.config.views.empty()) {
    run_on_root(ranks, [&] {
      measures = measure_projection(study, file.content(), weights, portfolios, memory.column_bytes, one_process());
    });
    return measures;
  }
  std::optional<hdf5::File> opened;
  run_together(ranks, [&] {
    if (!ranks.root()) opened = hdf5::File::open(path);
  });
  const hdf5::File& content = opened ? *opened : file.content();
  return measure_projection(study, content, weights, portfolios, memory.column_bytes, ranks);
}

}  // namespace

void measure_fresh(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios, ResultsFile& file,
                   const MemoryPlan& memory, const std::string& scratch, Ranks& ranks, Results& results) {
  HorizonScenarios horizon;
  run_on_root(ranks, [&] {
    describe_balance(study, portfolios[0].weights, results);
    horizon = measure_horizon(study, portfolios, file, memory, scratch, results);
  });
  if (!ranks.root()) horizon.replications = Replications(study.config.scenarios.sampling);
  ProjectionMeasures measured = measure_times(study, file, horizon.weights(), portfolios.size(), memory, ranks);
  run_on_root(ranks, [&] {
    for (std::size_t p = 0; p < portfolios.size(); ++p) {
      (portfolios[p].name == "current" ? results.projection_current : results.projection) = measured.portfolios[p];
    }
    results.rates = std::move(measured.rates);
    results.liability_measures = std::move(measured.liability_measures);
    results.market_levels = std::move(measured.market_levels);
    results.validation =
        validate(*study.world, study.history, study.config.scenarios.horizon_years, study.config.study.seed);
    for (const RegimeProbability& p : study.world->regime_probabilities()) {
      results.regimes.push_back({to_string(p.date), p.regime, p.filtered, p.smoothed});
    }
    if (study.stress) apply_stresses(study, portfolios, results);
  });
}

void keep_weights(const std::vector<NamedPortfolio>& portfolios, Results& results) {
  for (const NamedPortfolio& portfolio : portfolios) {
    PortfolioResult weights;
    weights.name = portfolio.name;
    weights.weights = portfolio.weights;
    (portfolio.name == "current" ? results.current : results.portfolio) = weights;
  }
}

}  // namespace ballast
