#include "engine/study/balance_path.h"

#include <cmath>

#include "engine/study/study_views.h"

namespace ballast {
namespace {

std::vector<ValuationTime> valuation_times(const PreparedStudy& study) {
  std::vector<ValuationTime> times;
  bool full = study.config.output.key_rate_durations;
  for (int step : study.report_steps) times.push_back({step, full, full});
  times.push_back({study.risk_steps, false, false});
  if (study.policy_steps > 0) times.push_back({study.policy_steps, false, false});
  return times;
}

}  // namespace

BalanceModel::BalanceModel(const PreparedStudy& study)
    : study_(study),
      asset_returns_(study.assets, study.world->tenors(), study.curve, study.step_years()),
      liabilities_(study.liabilities.terms(), study.world->tenors(), study.curve, study.config.scenarios.steps_per_year,
                   study.steps, valuation_times(study), study.config.measures) {
  if (!study.world->has_curve()) return;
  reported_rates_ = study.world->rates_at({study.step_years(), 10.0});
  view_rates_ = study.world->rates_at(view_tenors(study.config.views));
}

ProjectionParameters BalanceModel::projection(const std::vector<double>& weights,
                                              const std::vector<WeightChange>& changes) const {
  const BalanceParameters& balance = study_.config.balance;
  ProjectionParameters parameters;
  parameters.weights = weights;
  parameters.initial_assets = study_.initial_assets;
  parameters.rebalancing = balance.rebalancing;
  if (balance.rebalance_every_years) {
    parameters.rebalance_every_steps =
        int(std::lround(*balance.rebalance_every_years * study_.config.scenarios.steps_per_year));
  }
  parameters.contribution_per_step = balance.contributions * study_.step_years();
  if (balance.trading_costs) {
    for (const Asset& asset : study_.assets) {
      parameters.trading_cost.push_back(balance.trading_costs->of(asset.name));
    }
  }
  parameters.changes = changes;
  return parameters;
}

BalancePath::BalancePath(const BalanceModel& model, const DrawSource& source, std::uint64_t first_scenario,
                         std::size_t lanes, int steps, const std::vector<ProjectionParameters>& portfolios)
    : model_(model),
      world_(*model.study().world, source, first_scenario, lanes, steps),
      assets_(model.asset_returns(), world_, lanes),
      liabilities_(model.liabilities(), lanes, market()),
      horizon_return_(model.asset_returns().size(), lanes),
      horizon_liability_(lanes) {
  for (const ProjectionParameters& portfolio : portfolios) projections_.emplace_back(portfolio, lanes);
}

MarketBlock BalancePath::market() const {
  if (!model_.study().world->has_inflation()) return {world_.curve(), nullptr, nullptr};
  return {world_.curve(), world_.price_index(), &world_.breakeven()};
}

void BalancePath::step() {
  ++step_;
  world_.step();
  assets_.step(world_);
  liabilities_.step(market(), world_.cash_gross());
  if (step_ <= model_.study().risk_steps) {
    horizon_return_.step(assets_.gross());
    horizon_liability_.step(world_.cash_gross(), payments());
  }
  for (Projection& projection : projections_) {
    projection.step(step_, assets_.gross(), world_.cash_gross(), payments());
  }
}

}  // namespace ballast
