#include "engine/study/study_policy.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/constraints.h"
#include "engine/optimize/policy.h"
#include "engine/study/measure_results.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/tail.h"

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

/// One block's paths into their places.
void keep_block(const BalanceModel& model, const PcgSequence& sequence, std::uint64_t first, std::size_t count,
                PolicyPaths& paths) {
  const PreparedStudy& study = model.study();
  const std::size_t n = paths.assets, steps = std::size_t(paths.steps), reports = paths.report_steps.size();
  const double contribution = study.config.balance.contributions * study.step_years();
  BalancePath path(model, sequence, first, count, paths.steps, {});
  std::size_t report = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    path.step();
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::size_t s = first + lane;
      for (std::size_t i = 0; i < n; ++i) paths.gross[(s * steps + t) * n + i] = path.asset_gross()(i, lane);
      paths.cash[s * steps + t] = path.world().cash_gross()[lane];
      paths.payment[s * steps + t] = (path.payments() ? path.payments()[lane] : 0.0) - contribution;
    }
    if (int(t) + 1 != paths.report_steps[report]) continue;
    if (const LiabilityValuer* valuer = model.liabilities().valuer(int(t) + 1)) {
      LaneArray value(valuer->rows(), path.lanes());
      path.liabilities().value(path.market(), value);
      for (std::size_t lane = 0; lane < count; ++lane) {
        paths.liability_pv[(first + lane) * reports + report] = value(LiabilityValuer::kPv, lane);
      }
    }
    ++report;
  }
}

}  // namespace

PolicyPaths simulate_policy_paths(const BalanceModel& model) {
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
  PcgSequence sequence(study.config.study.seed, Sequence::optimise);
  parallel_for((paths.scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    if (int signal = stop_requested()) throw Stopped(signal);
    const std::uint64_t first = block * kBlockScenarios;
    keep_block(model, sequence, first, std::min<std::size_t>(kBlockScenarios, paths.scenarios - first), paths);
  });
  return paths;
}

PolicyResult optimise_study_policy(const BalanceModel& model, const std::vector<double>& first) {
  const PreparedStudy& study = model.study();
  const PolicyParameters& asked = asked_of(study);
  const PolicyPaths paths = simulate_policy_paths(model);
  const PolicyShape shape = shape_of(study, model.projection(first));
  const PolicyObjective objective(paths, shape, {asked.minimise, study.config.optimize->confidence, asked.floor});

  const ConstraintParameters& given = study.config.optimize->constraints;
  ConstraintParameters constraints;
  constraints.long_only = given.long_only;
  constraints.min_weight = given.min_weight;
  constraints.max_weight = given.max_weight;
  constraints.groups = given.groups;
  constraints.leverage = given.leverage;
  const FeasibleSet feasible = feasible_set(constraints, study.asset_names(), {});

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
  return result;
}

NamedPortfolio policy_portfolio(const PreparedStudy& study, const PolicyResult& policy) {
  NamedPortfolio portfolio{"policy", policy.weights[0], {}};
  for (std::size_t p = 1; p < policy.weights.size(); ++p) {
    portfolio.changes.push_back(
        {int(std::lround(policy.from_years[p] * study.config.scenarios.steps_per_year)), policy.weights[p]});
  }
  return portfolio;
}

void measure_policy(const PreparedStudy& study, const Evaluation& evaluation, std::size_t portfolio,
                    PolicyResult& policy) {
  const PolicyParameters& asked = asked_of(study);
  const ReportValues& surplus = evaluation.portfolios[portfolio].surplus;
  std::vector<std::size_t> reports;
  for (std::size_t r = 0; r < study.report_steps.size(); ++r) {
    if (study.report_steps[r] > 0 && study.report_steps[r] <= study.policy_steps) reports.push_back(r);
  }
  const bool tail = asked.minimise != PolicyMeasure::expected_shortfall;
  if (asked.minimise == PolicyMeasure::terminal_cvar) reports = {reports.back()};
  const double unit = study.initial_assets, level = tail ? 1.0 : asked.floor;
  std::vector<double> losses(surplus.scenarios());
  for (std::size_t s = 0; s < losses.size(); ++s) {
    double worst = -INFINITY, shortfall = 0.0;
    for (std::size_t r : reports) {
      const double liability = evaluation.liability_pv.empty() ? 0.0 : evaluation.liability_pv.at(r)[s];
      const double owed = study.has_liabilities() ? liability : unit;
      const double deficit = (level * owed - (surplus.at(r)[s] + liability)) / unit;
      worst = std::max(worst, deficit);
      shortfall += std::max(0.0, deficit) / double(reports.size());
    }
    losses[s] = tail ? worst : shortfall;
  }
  if (tail) {
    const TailMeasures measured =
        tail_measures(losses, study.config.optimize->confidence, evaluation.horizon.probability);
    policy.fresh = {measured.cvar, measured.cvar_standard_error};
  } else {
    const std::vector<double>& probability = evaluation.horizon.probability;
    const double scenarios = probability.empty() ? double(losses.size()) : effective_sample_size(probability);
    policy.fresh = {mean(losses, probability), standard_deviation(losses, probability) / std::sqrt(scenarios)};
  }
  policy.optimism = policy.fresh.value - policy.value;
  policy.projection = project_rows(study, evaluation, portfolio);
}

}  // namespace ballast
