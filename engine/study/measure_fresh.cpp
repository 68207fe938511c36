#include "engine/study/measure_fresh.h"

#include "engine/study/measure_results.h"
#include "engine/study/quantity_rows.h"
#include "engine/study/study_results.h"
#include "engine/study/study_views.h"
#include "scenarios/validate/validate.h"

namespace ballast {

void measure_fresh(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios, ResultsFile& file,
                   const MemoryPlan& memory, const std::string& scratch, Results& results) {
  describe_balance(study, portfolios[0].weights, results);
  HorizonScenarios horizon = read_horizon(file, memory.measure_on_disk ? scratch : "");
  horizon.replications = Replications(study.config.scenarios.sampling);
  apply_views(study.config.views, results.asset_names, "evaluate", horizon, results);
  if (!horizon.probability.empty()) file.write_probability(horizon.probability);
  for (const NamedPortfolio& portfolio : portfolios) {
    measure_on(horizon, portfolio, "evaluate", study.risk_horizon(), study.risk_free(), results);
  }
  if (results.optimizer) {
    measure_optimism(study.config, horizon, study.risk_free(), results);
    measure_frontier(study.config, horizon, results);
  }
  // Of the horizon only the weights are needed from here on.
  horizon.asset_return = {};
  std::vector<std::vector<ProjectionRow>> rows =
      project_rows(study, file, horizon.weights(), portfolios.size(), memory.column_bytes);
  for (std::size_t p = 0; p < portfolios.size(); ++p) {
    (portfolios[p].name == "current" ? results.projection_current : results.projection) = rows[p];
  }
  results.rates = rate_rows(study, file, horizon.weights(), memory.column_bytes);
  results.liability_measures = measure_rows(study, file, horizon.weights(), memory.column_bytes);
  results.market_levels = market_rows(study, file, horizon.weights(), memory.column_bytes);
  results.validation =
      validate(*study.world, study.history, study.config.scenarios.horizon_years, study.config.study.seed);
  for (const RegimeProbability& p : study.world->regime_probabilities()) {
    results.regimes.push_back({to_string(p.date), p.regime, p.filtered, p.smoothed});
  }
  if (study.stress) apply_stresses(study, portfolios, results);
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
