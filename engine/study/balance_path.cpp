#include "engine/study/balance_path.h"

#include <cmath>

namespace ballast {
namespace {

std::vector<const CashFlows*> pointers(const std::vector<CashFlows>& liabilities) {
  std::vector<const CashFlows*> all;
  for (const CashFlows& flows : liabilities) all.push_back(&flows);
  return all;
}

}  // namespace

BalanceModel::BalanceModel(const PreparedStudy& study)
    : study_(study),
      asset_returns_(study.assets, study.world->tenors(), study.step_years()),
      payments_(pointers(study.liabilities), study.step_years(), study.steps) {
  if (!study.has_liabilities()) return;
  const MeasureParameters& measures = study.config.measures;
  auto valuer_of = [&](const std::vector<const CashFlows*>& flows, int step, bool full) {
    return LiabilityValuer(flows, study.world->tenors(), step * study.step_years(), measures.compounding,
                           full ? measures.key_rates : std::vector<double>{}, full);
  };
  bool full = study.config.output.key_rate_durations;
  for (int step : study.report_steps) {
    total_.emplace(step, valuer_of(pointers(study.liabilities), step, full));
    if (!full) continue;
    for (const CashFlows& flows : study.liabilities) each_[step].push_back(valuer_of({&flows}, step, false));
  }
  total_.emplace(study.risk_steps, valuer_of(pointers(study.liabilities), study.risk_steps, false));
}

const LiabilityValuer* BalanceModel::valuer(int step) const {
  auto found = total_.find(step);
  return found == total_.end() ? nullptr : &found->second;
}

ProjectionParameters BalanceModel::projection(const std::vector<double>& weights) const {
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
  return parameters;
}

BalancePath::BalancePath(const BalanceModel& model, const PcgSequence& sequence, std::uint64_t first_scenario,
                         std::size_t lanes, int steps, const std::vector<std::vector<double>>& portfolios)
    : model_(model),
      world_(*model.study().world, sequence, first_scenario, lanes, steps),
      assets_(model.asset_returns(), lanes),
      payments_(1, lanes),
      horizon_return_(model.asset_returns().size(), lanes),
      horizon_liability_(lanes) {
  for (const auto& weights : portfolios) projections_.emplace_back(model.projection(weights), lanes);
}

void BalancePath::step() {
  ++step_;
  world_.step();
  assets_.step(world_);
  model_.payments().due(step_, world_.cash_gross(), lanes(), payments_.row(0));
  if (step_ <= model_.study().risk_steps) {
    horizon_return_.step(assets_.gross());
    horizon_liability_.step(world_.cash_gross(), payments_.row(0));
  }
  for (Projection& projection : projections_) {
    projection.step(step_, assets_.gross(), world_.cash_gross(), payments_.row(0));
  }
}

}  // namespace ballast
