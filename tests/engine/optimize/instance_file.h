#pragma once

#include <nlohmann/json.hpp>

#include "engine/optimize/constraints.h"
#include "tests/engine/optimize/instances.h"

namespace ballast::test {

inline const double kRuMean[3] = {0.010111, 0.0043532, 0.0137058};

/// The standard normal quantile by bisection and Newton on erfc: slow, and obvious.
inline double normal_quantile(double p) {
  auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  double low = -9.0, high = 9.0;
  for (int k = 0; k < 16; ++k) {
    const double middle = 0.5 * (low + high);
    (cdf(middle) < p ? low : high) = middle;
  }
  double x = 0.5 * (low + high);
  for (int k = 0; k < 4; ++k) x -= (cdf(x) - p) * std::sqrt(2.0 * 3.14159265358979323846) * std::exp(0.5 * x * x);
  return x;
}

/// Normal returns of Rockafellar & Uryasev (2000), section 5: mean + lower Cholesky factor times normals.
inline std::vector<double> rockafellar_uryasev_returns(std::uint64_t seed, std::size_t scenarios) {
  const double c[3][3] = {
      {0.00324625, 0.00022983, 0.00420395}, {0.00022983, 0.00049937, 0.00019247}, {0.00420395, 0.00019247, 0.00764097}};
  const double l00 = std::sqrt(c[0][0]), l10 = c[1][0] / l00, l20 = c[2][0] / l00;
  const double l11 = std::sqrt(c[1][1] - l10 * l10), l21 = (c[2][1] - l20 * l10) / l11,
               l22 = std::sqrt(c[2][2] - l20 * l20 - l21 * l21);
  std::vector<double> growth(3 * scenarios);
  for (std::size_t s = 0; s < scenarios; ++s) {
    double z[3];
    for (std::size_t k = 0; k < 3; ++k) z[k] = normal_quantile(uniform(seed, 3 * s + k) + 0x1p-54);
    growth[3 * s] = kRuMean[0] + z[0] * l00;
    growth[3 * s + 1] = kRuMean[1] + z[0] * l10 + z[1] * l11;
    growth[3 * s + 2] = kRuMean[2] + z[0] * l20 + z[1] * l21 + z[2] * l22;
  }
  return growth;
}

/// The instance that one entry of data/cvar_optima.json describes; mirrors build() of record_cvar_optima.py.
inline Instance make_instance(const nlohmann::json& spec) {
  Instance instance;
  instance.name = spec["name"];
  const std::size_t n = instance.assets = spec["assets"], count = instance.scenarios = spec["scenarios"];
  const std::uint64_t seed = spec["seed"];
  instance.confidence = spec["confidence"];
  const bool normal = spec["kind"] == "rockafellar_uryasev";
  std::vector<double> returns = normal ? rockafellar_uryasev_returns(seed, count) : factor_returns(seed, count, n);
  if (spec["unequal"]) {
    double total = 0.0;
    for (std::size_t s = 0; s < count; ++s) {
      instance.probability.push_back(0.1 + uniform(seed + 3000, s));
      total += instance.probability.back();
    }
    for (double& p : instance.probability) p /= total;
  }
  instance.growth = returns;
  std::vector<double> mean = mean_growth(instance.set());
  if (normal) mean.assign(kRuMean, kRuMean + 3);
  if (spec["benchmark"]) {
    for (std::size_t s = 0; s < count; ++s) {
      double even = 0.0;
      for (std::size_t i = 0; i < n; ++i) even += returns[s * n + i] / double(n);
      instance.liability.push_back(even);
    }
  }
  if (spec["liability"] || spec["surplus"]) {
    for (std::size_t s = 0; s < count; ++s) {
      const double noise = bell(seed + 4000, s), first = returns[s * n];
      instance.liability.push_back(spec["surplus"] ? 0.95 * (1.0 + 0.5 * first + 0.02 * noise)
                                                   : 0.002 + 0.01 * noise + 0.3 * first);
    }
  }
  if (spec["surplus"]) {
    for (double& g : instance.growth) g += 1.0;
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back(std::to_string(i).insert(0, 1, 'a'));
  ConstraintParameters constraints;
  constraints.long_only = !spec["lower"].is_null() && spec["lower"].get<double>() >= 0.0;
  if (!spec["lower"].is_null()) constraints.min_weight = WeightBound{spec["lower"].get<double>(), {}};
  if (!spec["upper"].is_null()) constraints.max_weight = WeightBound{spec["upper"].get<double>(), {}};
  const std::size_t groups = spec["groups"];
  for (std::size_t g = 0; g < groups; ++g) {
    GroupParameters group;
    for (std::size_t i = g; i < n; i += groups) group.assets.push_back(names[i]);
    group.max = spec["group_max"].get<double>();
    constraints.groups.push_back(group);
  }
  if (!spec["min_return"].is_null()) constraints.min_return = spec["min_return"].get<double>();
  if (!spec["turnover"].is_null()) {
    constraints.turnover = TurnoverParameters{{}, spec["turnover"].get<double>()};
    for (const std::string& name : names) constraints.turnover->from[name] = 1.0 / double(n);
  }
  if (!spec["leverage"].is_null()) constraints.leverage = spec["leverage"].get<double>();
  if (!spec["max_short"].is_null()) constraints.max_short = spec["max_short"].get<double>();
  for (const auto& limit : spec["cvar_limits"]) {
    constraints.cvar_limits.push_back({limit[1].get<double>(), limit[0].get<double>()});
  }
  BalanceDurations durations;
  if (!spec["duration"].is_null()) {
    constraints.duration_gap = DurationGapParameters{};
    if (!spec["duration"][0].is_null()) constraints.duration_gap->min = spec["duration"][0].get<double>();
    if (!spec["duration"][1].is_null()) constraints.duration_gap->max = spec["duration"][1].get<double>();
    for (std::size_t i = 0; i < n; ++i) durations.duration.push_back(20 * uniform(seed + 5000, i));
  }
  if (!spec["key_rate_gap"].is_null()) {
    constraints.key_rate_duration_gap = spec["key_rate_gap"].get<double>();
    durations.key_rates = {2.0, 5.0, 10.0};
    durations.liability_key_rate_duration = {3.5, 4.0, 4.5};
    durations.duration.resize(n, 0.0);  // without a limit of their own, unless set above
    for (std::size_t k = 0; k < 3; ++k) {
      durations.key_rate_duration.emplace_back();
      for (std::size_t i = 0; i < n; ++i) durations.key_rate_duration[k].push_back(8 * uniform(seed + 6000 + k, i));
    }
  }
  TradingCostParameters costs;
  ConstraintInputs inputs;
  inputs.mean_return = mean;
  inputs.durations = &durations;
  if (!spec["trading_cost"].is_null()) {
    costs.cost.all = spec["trading_cost"].get<double>();
    for (const std::string& name : names) costs.from[name] = 1.0 / double(n);
    inputs.trading_costs = &costs;
  }
  instance.feasible = feasible_set(constraints, names, inputs);
  for (std::size_t k = 1; k < spec["sets"]; ++k) instance.further.push_back(factor_returns(seed + 100 * k, count, n));
  instance.options.confidence = instance.confidence;
  if (!spec["risk_aversion"].is_null()) instance.options.risk_aversion = spec["risk_aversion"].get<double>();
  const std::string objective = spec["objective"];
  instance.objective = objective == "max_return"  ? Objective::max_return
                       : objective == "mean_cvar" ? Objective::mean_cvar
                                                  : Objective::min_cvar;
  return instance;
}

}  // namespace ballast::test
