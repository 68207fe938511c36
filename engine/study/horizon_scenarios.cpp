#include "engine/study/horizon_scenarios.h"

#include <algorithm>

#include "engine/optimize/shared_blocks.h"
#include "engine/study/study_views.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/stop.h"

namespace ballast {

ScenarioWeights HorizonScenarios::weights() const {
  ScenarioWeights all(probability);
  all.replications = replications;
  if (!tilted.layers.empty()) all.tilted = &tilted;
  return all;
}

ScenarioSet HorizonScenarios::loss_set(bool surplus, std::vector<double>& excess_liability) const {
  ScenarioSet set;
  set.scenarios = scenarios;
  set.assets = assets;
  set.growth = asset_return.data();
  set.share = share;
  if (!asset_return.in_memory()) {
    set.done_with = [this](std::size_t first, std::size_t count) {
      asset_return.release(first * assets, count * assets);
    };
  }
  set.probability = probability;
  if (surplus) {
    excess_liability = liability;
    for (double& l : excess_liability) l -= 1.0;
    set.liability = excess_liability;
  }
  return set;
}

std::vector<double> HorizonScenarios::losses(const std::vector<double>& weights, bool surplus) const {
  std::vector<double> all(scenarios);
  parallel_for((scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    std::uint64_t end = std::min<std::uint64_t>(scenarios, (block + 1) * kBlockScenarios);
    for (std::uint64_t s = block * kBlockScenarios; s < end; ++s) {
      const double* r = asset_return.data() + s * assets;
      double gain = 0.0;
      for (std::size_t i = 0; i < assets; ++i) gain += weights[i] * r[i];
      all[s] = surplus ? (liability[s] - 1.0) - gain : -gain;
    }
    asset_return.release(block * kBlockScenarios * assets, kBlockScenarios * assets);
  });
  return all;
}

LaneArray horizon_zero_rates(const BalanceModel& model, const BalancePath& path) {
  if (!model.study().world->has_curve()) return LaneArray(0, path.lanes());
  LaneArray rates(model.view_rates().size(), path.lanes());
  model.view_rates().evaluate(path.world().curve(), rates);
  return rates;
}

LaneArray horizon_liability(const BalanceModel& model, const BalancePath& path) {
  const LiabilityValuer& valuer = *model.liabilities().valuer(model.study().risk_steps);
  LaneArray value(valuer.rows(), path.lanes()), ratio(1, path.lanes());
  path.liabilities().value(path.market(), value);
  path.horizon_liability().ratio(value.row(LiabilityValuer::kPv), model.study().initial_assets, ratio.row(0));
  return ratio;
}

HorizonScenarios horizon_room(const BalanceModel& model, std::uint64_t scenarios, const std::string& scratch) {
  const PreparedStudy& study = model.study();
  HorizonScenarios room;
  room.scenarios = scenarios;
  room.replications = Replications(study.config.scenarios.sampling);
  room.assets = study.assets.size();
  room.asset_return = LargeArray(scenarios * room.assets, scratch);
  if (study.has_liabilities()) room.liability.resize(scenarios);
  room.zero_rates.resize(scenarios * view_tenors(study.config.views).size());
  return room;
}

void store_horizon(const BalanceModel& model, const BalancePath& path, std::uint64_t first_scenario, std::size_t count,
                   HorizonScenarios& into) {
  LaneArray simple(into.assets, path.lanes());
  path.horizon_return().simple_return(simple);
  for (std::size_t i = 0; i < into.assets; ++i) {
    const double* r = simple.row(i);
    double* out = into.asset_return.data() + first_scenario * into.assets + i;
    for (std::size_t lane = 0; lane < count; ++lane) out[lane * into.assets] = r[lane];
  }
  if (!into.zero_rates.empty()) {
    const LaneArray rates = horizon_zero_rates(model, path);
    for (std::size_t k = 0; k < rates.rows(); ++k) {
      double* out = into.zero_rates.data() + first_scenario * rates.rows() + k;
      for (std::size_t lane = 0; lane < count; ++lane) out[lane * rates.rows()] = rates(k, lane);
    }
  }
  if (into.liability.empty()) return;
  LaneArray ratio = horizon_liability(model, path);
  std::copy_n(ratio.row(0), count, into.liability.data() + first_scenario);
}

HorizonScenarios simulate_horizon(const BalanceModel& model, Sequence set, std::uint64_t scenarios,
                                  const std::string& scratch, Ranks& ranks) {
  const PreparedStudy& study = model.study();
  const RankPart part = SharedBlocks::part_of_set(ranks, scenarios);
  HorizonScenarios all = horizon_room(model, part.size(), scratch);
  all.share = {&ranks, part.begin, scenarios};
  scenarios = part.size();
  const DrawSource source = study.draws(set);
  run_together(ranks, [&] {
    parallel_for((scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
      check_stop();
      std::uint64_t first = block * kBlockScenarios;
      std::size_t count = std::size_t(std::min<std::uint64_t>(kBlockScenarios, scenarios - first));
      BalancePath path(model, source, part.begin + first, count, study.risk_steps, {});
      for (int step = 0; step < study.risk_steps; ++step) path.step();
      store_horizon(model, path, first, count, all);
      all.asset_return.release(first * all.assets, count * all.assets);
    });
  });
  return all;
}

}  // namespace ballast
