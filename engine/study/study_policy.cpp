#include "engine/study/study_policy.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/constraints.h"
#include "engine/optimize/policy.h"
#include "engine/risk/risk.h"
#include "engine/study/distribution.h"
#include "engine/study/horizon_scenarios.h"
#include "engine/study/study_views.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/stop.h"

namespace ballast {
namespace {

const PolicyParameters& asked_of(const PreparedStudy& study) { return *study.config.optimize->policy; }

PolicyShape shape_of(const PreparedStudy& study, const ProjectionParameters& projection) {
  std::vector<int> first_step = {0};
  for (double years : asked_of(study).change_years) {
    first_step.push_back(int(std::lround(years * study.config.scenarios.steps_per_year)));
  }
  int every = projection.rebalancing == Rebalancing::constant_mix ? projection.rebalance_every_steps : 0;
  return policy_shape(std::move(first_step), study.policy_steps, every, projection.trading_cost);
}

/// What the liabilities are worth where the path stands, 0 without them: [lane].
void value_liabilities(const BalanceModel& model, const BalancePath& path, double* pv) {
  std::fill_n(pv, path.lanes(), 0.0);
  const LiabilityValuer* valuer = model.liabilities().valuer(path.steps_made());
  if (!model.study().has_liabilities() || !valuer) return;
  LaneArray value(valuer->rows(), path.lanes());
  path.liabilities().value(path.market(), value);
  std::copy_n(value.row(LiabilityValuer::kPv), path.lanes(), pv);
}

/// One block's paths into their places; horizon: where the views look, null without them.
void keep_block(const BalanceModel& model, const DrawSource& source, std::uint64_t first, std::size_t count,
                PolicyPaths& paths, HorizonScenarios* horizon) {
  const PreparedStudy& study = model.study();
  const std::size_t n = paths.assets, steps = std::size_t(paths.steps), reports = paths.report_steps.size();
  const double contribution = study.config.balance.contributions * study.step_years();
  const int views_at = horizon ? study.risk_steps : 0;
  BalancePath path(model, source, first, count, std::max(paths.steps, views_at), {});
  LaneArray pv(1, count);
  std::size_t report = 0;
  auto step = [&] {
    path.step();
    if (horizon && path.steps_made() == views_at) store_horizon(model, path, first, count, *horizon);
  };
  for (std::size_t t = 0; t < steps; ++t) {
    step();
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::size_t s = first + lane;
      for (std::size_t i = 0; i < n; ++i) paths.gross[(s * steps + t) * n + i] = path.asset_gross()(i, lane);
      paths.cash[s * steps + t] = path.world().cash_gross()[lane];
      paths.payment[s * steps + t] = (path.payments() ? path.payments()[lane] : 0.0) - contribution;
    }
    if (int(t) + 1 != paths.report_steps[report]) continue;
    value_liabilities(model, path, pv.row(0));
    for (std::size_t lane = 0; lane < count; ++lane) {
      paths.liability_pv[(first + lane) * reports + report] = pv(0, lane);
    }
    ++report;
  }
  while (path.steps_made() < views_at) step();
}

/// The policy's account on the fresh scenarios: at each report time what it holds, what it lacks, what is owed.
struct FreshValues {
  std::vector<std::vector<double>> assets, surplus, funding_ratio, liability_pv;  ///< [report][scenario]
  HorizonScenarios horizon;                                                       ///< what the views re-weight
};

FreshValues project_policy(const BalanceModel& model, const PolicyResult& policy) {
  const PreparedStudy& study = model.study();
  const auto scenarios = std::size_t(study.config.scenarios.count);
  std::vector<WeightChange> changes;
  for (std::size_t p = 1; p < policy.weights.size(); ++p) {
    changes.push_back(
        {int(std::lround(policy.from_years[p] * study.config.scenarios.steps_per_year)), policy.weights[p]});
  }
  const ProjectionParameters projected = model.projection(policy.weights[0], changes);
  FreshValues fresh;
  for (auto* values : {&fresh.assets, &fresh.surplus, &fresh.funding_ratio, &fresh.liability_pv}) {
    values->assign(study.report_steps.size(), std::vector<double>(scenarios));
  }
  const bool views = !study.config.views.empty();
  const int steps = std::max(study.steps, views ? study.risk_steps : 0);
  if (views) {
    fresh.horizon = horizon_room(model, scenarios);
  } else {
    fresh.horizon.replications = Replications(study.config.scenarios.sampling);
  }
  const DrawSource source = study.draws(Sequence::evaluate);
  parallel_for((scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    check_stop();
    const std::uint64_t first = block * kBlockScenarios;
    const std::size_t count = std::min<std::size_t>(kBlockScenarios, scenarios - first);
    BalancePath path(model, source, first, count, steps, {projected});
    auto step_to = [&](int until) {
      while (path.steps_made() < until) {
        path.step();
        if (views && path.steps_made() == study.risk_steps) store_horizon(model, path, first, count, fresh.horizon);
      }
    };
    LaneArray surplus(1, count), ratio(1, count), pv(1, count);
    for (std::size_t r = 0; r < study.report_steps.size(); ++r) {
      step_to(study.report_steps[r]);
      value_liabilities(model, path, pv.row(0));
      const Projection& account = path.projection(0);
      balance_measures(account.assets(), account.shortfall(), pv.row(0), pv.lanes(), surplus.row(0), ratio.row(0));
      std::copy_n(account.assets(), count, fresh.assets[r].data() + first);
      std::copy_n(surplus.row(0), count, fresh.surplus[r].data() + first);
      std::copy_n(ratio.row(0), count, fresh.funding_ratio[r].data() + first);
      std::copy_n(pv.row(0), count, fresh.liability_pv[r].data() + first);
    }
    step_to(steps);
  });
  Results told_before;  // by measure_fresh
  apply_views(study.config.views, study.asset_names(), "evaluate", fresh.horizon, told_before);
  return fresh;
}

PolicyGoal goal_of(const PreparedStudy& study) {
  const PolicyParameters& asked = asked_of(study);
  return {asked.minimise, study.config.optimize->confidence, asked.floor};
}

/// The policy's objective on the fresh scenarios.
Estimate fresh_value(const PreparedStudy& study, const FreshValues& fresh) {
  const PolicyGoal goal = goal_of(study);
  std::vector<std::size_t> reports;
  for (std::size_t r = 0; r < study.report_steps.size(); ++r) {
    if (study.report_steps[r] > 0 && study.report_steps[r] <= study.policy_steps) reports.push_back(r);
  }
  const bool tail = goal.measure != PolicyMeasure::expected_shortfall;
  if (goal.measure == PolicyMeasure::terminal_cvar) reports = {reports.back()};
  std::vector<double> gains(fresh.surplus[0].size());
  for (std::size_t s = 0; s < gains.size(); ++s) {
    double worst = -INFINITY, shortfall = 0.0;
    for (std::size_t r : reports) {
      const double owed = study.has_liabilities() ? fresh.liability_pv[r][s] : study.initial_assets;
      const double net = fresh.surplus[r][s] + fresh.liability_pv[r][s];
      const double deficit = policy_deficit(goal, owed, net, study.initial_assets);
      worst = std::max(worst, deficit);
      shortfall += std::max(0.0, deficit) / double(reports.size());
    }
    gains[s] = -(tail ? worst : shortfall);
  }
  const ReturnMeasures m = measure_returns(gains, fresh.horizon.weights(), 1.0, std::nullopt, goal.confidence);
  if (tail) return {m.tail.cvar, m.tail.cvar_standard_error};
  return {-m.expected_return.value, m.expected_return.standard_error};
}

std::vector<ProjectionRow> policy_rows(const PreparedStudy& study, FreshValues& fresh) {
  std::vector<ProjectionRow> rows;
  const ScenarioWeights weights = fresh.horizon.weights();
  for (std::size_t r = 0; r < study.report_steps.size(); ++r) {
    ProjectionRow row;
    row.time = study.report_steps[r] * study.step_years();
    row.shortfall_probability = shortfall_probability(fresh.surplus[r], study.initial_assets, weights);
    row.assets = distribution(fresh.assets[r], weights);
    row.surplus = distribution(fresh.surplus[r], weights);
    row.funding_ratio = distribution(fresh.funding_ratio[r], weights);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

PolicyPaths simulate_policy_paths(const BalanceModel& model, Results& results) {
  const PreparedStudy& study = model.study();
  PolicyPaths paths;
  paths.scenarios = std::size_t(asked_of(study).scenarios.value_or(*study.config.scenarios.optimise_count));
  paths.assets = study.assets.size();
  paths.steps = study.policy_steps;
  paths.initial_assets = study.initial_assets;
  for (int step : study.report_steps) {
    if (step > 0 && step < paths.steps) paths.report_steps.push_back(step);
  }
  paths.report_steps.push_back(paths.steps);
  const std::size_t all_steps = paths.scenarios * std::size_t(paths.steps);
  paths.gross.resize(all_steps * paths.assets);
  paths.cash.resize(all_steps);
  paths.payment.resize(all_steps);
  paths.liability_pv.assign(paths.scenarios * paths.report_steps.size(), 0.0);
  const bool views = !study.config.views.empty();
  HorizonScenarios horizon;
  if (views) horizon = horizon_room(model, paths.scenarios);
  const DrawSource source = study.draws(Sequence::optimise);
  parallel_for((paths.scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    check_stop();
    const std::uint64_t first = block * kBlockScenarios;
    keep_block(model, source, first, std::min<std::size_t>(kBlockScenarios, paths.scenarios - first), paths,
               views ? &horizon : nullptr);
  });
  apply_views(study.config.views, study.asset_names(), "policy", horizon, results);
  paths.probability = std::move(horizon.probability);
  return paths;
}

void optimise_study_policy(const BalanceModel& model, const std::vector<double>& first, Results& results) {
  const PreparedStudy& study = model.study();
  const PolicyParameters& asked = asked_of(study);
  const PolicyPaths paths = simulate_policy_paths(model, results);
  const PolicyShape shape = shape_of(study, model.projection(first));
  const PolicyObjective objective(paths, shape, goal_of(study));

  const ConstraintParameters& given = study.config.optimize->constraints;
  ConstraintParameters constraints;
  constraints.long_only = given.long_only;
  constraints.min_weight = given.min_weight;
  constraints.max_weight = given.max_weight;
  constraints.groups = given.groups;
  constraints.leverage = given.leverage;
  const FeasibleSet feasible = feasible_set(constraints, study.asset_names(), ConstraintInputs{});

  PolicyOptions options;
  options.starts = asked.starts;
  options.max_evaluations = asked.max_evaluations;
  options.seed = study.config.study.seed;
  const OptimizedPolicy found =
      optimise_policy(objective, shape.periods(), feasible, study.assets.size(), first, options);

  PolicyResult result;
  result.measure = name_of(asked.minimise);
  result.horizon_years = study.policy_steps * study.step_years();
  for (int step : shape.first_step) result.from_years.push_back(step * study.step_years());
  result.weights = found.weights;
  result.value = found.value;
  result.first_order_residual = found.first_order_residual;
  result.start_values = found.start_values;
  result.evaluations = found.evaluations;
  result.seconds = found.seconds;
  result.scenarios = paths.scenarios;
  FreshValues fresh = project_policy(model, result);
  result.fresh = fresh_value(study, fresh);
  result.optimism = result.fresh.value - result.value;
  result.projection = policy_rows(study, fresh);
  results.policy = std::move(result);
}

}  // namespace ballast
