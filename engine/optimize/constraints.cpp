#include "engine/optimize/constraints.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

const std::string kPrefix = "optimize.constraints.";

int asset_index(const std::vector<std::string>& assets, const std::string& name, const std::string& key) {
  const auto found = std::find(assets.begin(), assets.end(), name);
  if (found == assets.end()) {
    throw key_error(
        key, fmt::format("there is no asset '{}' (the assets are {}) name one of them", name, fmt::join(assets, ", ")));
  }
  return int(found - assets.begin());
}

/// Calls apply(asset, bound, key) for the bound of all assets, then for those of single ones.
void for_each_bound(const WeightBound& bound, const std::vector<std::string>& assets, const std::string& name,
                    const std::function<void(std::size_t, double, const std::string&)>& apply) {
  if (bound.all) {
    for (std::size_t i = 0; i < assets.size(); ++i) apply(i, *bound.all, kPrefix + name);
  }
  for (const auto& [asset, value] : bound.by_asset) {
    std::string key = kPrefix + name + "." + asset;
    apply(std::size_t(asset_index(assets, asset, key)), value, key);
  }
}

/// One auxiliary variable an asset, at least 0. Returns the first.
std::size_t add_auxiliaries(FeasibleSet& set, std::size_t assets, const std::string& name) {
  const std::size_t first = set.variables();
  set.lower.insert(set.lower.end(), assets, 0.0);
  set.upper.insert(set.upper.end(), assets, kNoLimit);
  set.lower_name.insert(set.lower_name.end(), assets, name);
  set.upper_name.insert(set.upper_name.end(), assets, name);
  return first;
}

/// Auxiliary variables a_i >= |w_i - centre_i|. Returns the first.
std::size_t add_distances(FeasibleSet& set, const std::vector<double>& centre, const std::string& name) {
  const std::size_t first = add_auxiliaries(set, centre.size(), name);
  for (std::size_t i = 0; i < centre.size(); ++i) {
    const int weight = int(i), distance = int(first + i);
    // Inequalities, not a = w+ - w-: interior points stay away from the pair of zeros.
    set.rows.push_back({name, {{distance, 1.0}, {weight, -1.0}}, -centre[i], kNoLimit, true});
    set.rows.push_back({name, {{distance, 1.0}, {weight, 1.0}}, centre[i], kNoLimit, true});
  }
  return first;
}

void limit_sum(FeasibleSet& set, std::size_t first, std::size_t count, double limit, const std::string& name) {
  LinearConstraint total{name, {}, -kNoLimit, limit};
  for (std::size_t i = 0; i < count; ++i) total.terms.emplace_back(int(first + i), 1.0);
  set.rows.push_back(std::move(total));
}

LinearConstraint weighted_row(std::string name, std::span<const double> coefficient, double lower, double upper) {
  LinearConstraint row{std::move(name), {}, lower, upper};
  for (std::size_t i = 0; i < coefficient.size(); ++i) row.terms.emplace_back(int(i), coefficient[i]);
  return row;
}

void add_trading_costs(FeasibleSet& set, const TradingCostParameters& costs, const std::vector<std::string>& assets) {
  const std::string key = "optimize.trading_costs";
  const std::size_t first = add_distances(set, weights_in_order(costs.from, assets, key + ".from"), key);
  set.certain_loss.resize(set.variables(), 0.0);
  auto charge = [&](std::size_t i, double cost) {
    if (!(cost >= 0.0)) throw key_error(key + ".cost", fmt::format("{} is negative", cost));
    set.certain_loss[first + i] = cost;
  };
  for (std::size_t i = 0; i < assets.size(); ++i) charge(i, costs.cost.all.value_or(0.0));
  for (const auto& [name, cost] : costs.cost.by_asset) {
    charge(std::size_t(asset_index(assets, name, key + ".cost." + name)), cost);
  }
}

/// lower <= assets'w - of_liabilities <= upper: the limits are those of the gap.
void limit_gap(FeasibleSet& set, const std::string& name, std::span<const double> assets, double of_liabilities,
               double lower, double upper) {
  set.rows.push_back(weighted_row(name, assets, lower + of_liabilities, upper + of_liabilities));
  set.rows.back().shift = of_liabilities;
}

void add_duration_limits(FeasibleSet& set, const ConstraintParameters& constraints, const BalanceDurations* durations) {
  if (!constraints.duration_gap && !constraints.key_rate_duration_gap) return;
  const std::string gap = kPrefix + "duration_gap", key_gap = kPrefix + "key_rate_duration_gap";
  if (!durations || durations->duration.empty()) {
    throw key_error(constraints.duration_gap ? gap : key_gap,
                    "some asset has no duration (its history alone does not say) declare one, or duration: auto");
  }
  if (constraints.duration_gap) {
    auto limit = [&](const char* key, double lower, double upper) {
      limit_gap(set, gap + key, durations->duration, durations->liability_duration, lower, upper);
    };
    if (constraints.duration_gap->min) limit(".min", *constraints.duration_gap->min, kNoLimit);
    if (constraints.duration_gap->max) limit(".max", -kNoLimit, *constraints.duration_gap->max);
  }
  if (!constraints.key_rate_duration_gap) return;
  if (durations->key_rate_duration.empty())
    throw key_error(key_gap, "needs the assets' key-rate durations, and liabilities");
  for (std::size_t k = 0; k < durations->key_rate_duration.size(); ++k) {
    const double most = *constraints.key_rate_duration_gap;
    limit_gap(set, fmt::format("{} at {:g} years", key_gap, durations->key_rates[k]), durations->key_rate_duration[k],
              durations->liability_key_rate_duration[k], -most, most);
  }
}

}  // namespace

std::vector<double> weights_in_order(const std::map<std::string, double>& weights,
                                     const std::vector<std::string>& assets, const std::string& key) {
  std::vector<double> in_order(assets.size(), 0.0);
  for (const auto& [name, weight] : weights)
    in_order[std::size_t(asset_index(assets, name, key + "." + name))] = weight;
  return in_order;
}

FeasibleSet feasible_set(const ConstraintParameters& constraints, const std::vector<std::string>& assets,
                         const ConstraintInputs& inputs) {
  const std::size_t n = assets.size();
  FeasibleSet set;
  set.lower.assign(n, constraints.long_only ? 0.0 : -kNoLimit);
  set.upper.assign(n, kNoLimit);
  set.lower_name.assign(n, kPrefix + "long_only");
  set.upper_name.assign(n, kPrefix + "max_weight");
  if (constraints.min_weight) {
    for_each_bound(*constraints.min_weight, assets, "min_weight",
                   [&](std::size_t i, double bound, const std::string& key) {
                     if (constraints.long_only && bound < 0.0) return;
                     set.lower[i] = bound;
                     set.lower_name[i] = key;
                   });
  }
  if (constraints.max_weight) {
    for_each_bound(*constraints.max_weight, assets, "max_weight",
                   [&](std::size_t i, double bound, const std::string& key) {
                     set.upper[i] = bound;
                     set.upper_name[i] = key;
                   });
  }
  add_budget(set, n);
  if (inputs.trading_costs) add_trading_costs(set, *inputs.trading_costs, assets);

  if (constraints.min_return) {
    const std::span<const double> mean_return = inputs.mean_return;
    if (mean_return.size() != n) {
      throw key_error(kPrefix + "min_return",
                      fmt::format("{} expected returns for {} assets (one each is needed)", mean_return.size(), n));
    }
    LinearConstraint row = weighted_row(kPrefix + "min_return", mean_return, *constraints.min_return, kNoLimit);
    for (std::size_t j = n; j < set.certain_loss.size(); ++j) row.terms.emplace_back(int(j), -set.certain_loss[j]);
    set.rows.push_back(std::move(row));
  }
  for (std::size_t g = 0; g < constraints.groups.size(); ++g) {
    const GroupParameters& group = constraints.groups[g];
    const std::string key = fmt::format("{}groups[{}]", kPrefix, g);
    LinearConstraint row;
    for (std::size_t k = 0; k < group.assets.size(); ++k) {
      const int asset = asset_index(assets, group.assets[k], fmt::format("{}.assets[{}]", key, k));
      for (const auto& [known, one] : row.terms) {
        if (known == asset) {
          throw key_error(
              fmt::format("{}.assets[{}]", key, k),
              fmt::format("'{}' is in the group twice (its weight would count double) name it once", group.assets[k]));
        }
      }
      row.terms.emplace_back(asset, 1.0);
    }
    if (group.min) set.rows.push_back({key + ".min", row.terms, *group.min, kNoLimit});
    if (group.max) set.rows.push_back({key + ".max", row.terms, -kNoLimit, *group.max});
  }
  if (constraints.turnover) {
    const std::string key = kPrefix + "turnover";
    const std::size_t first =
        add_distances(set, weights_in_order(constraints.turnover->from, assets, key + ".from"), key + ".max");
    limit_sum(set, first, n, constraints.turnover->max, key + ".max");
  }
  if (constraints.leverage) {
    const std::string key = kPrefix + "leverage";
    limit_sum(set, add_distances(set, std::vector<double>(n, 0.0), key), n, *constraints.leverage, key);
  }
  if (constraints.max_short) {
    const std::string key = kPrefix + "max_short";
    const std::size_t first = add_auxiliaries(set, n, key);
    for (std::size_t i = 0; i < n; ++i) {
      set.rows.push_back({key, {{int(first + i), 1.0}, {int(i), 1.0}}, 0.0, kNoLimit, true});
    }
    limit_sum(set, first, n, *constraints.max_short, key);
  }
  add_duration_limits(set, constraints, inputs.durations);
  if (!set.certain_loss.empty()) set.certain_loss.resize(set.variables(), 0.0);

  auto add_cvar_limit = [&](const CvarLimitParameters& limit, const std::string& name) {
    set.cvar_limits.push_back({name, limit.confidence.value_or(inputs.confidence), limit.max});
  };
  if (constraints.max_cvar) add_cvar_limit(*constraints.max_cvar, kPrefix + "max_cvar");
  for (std::size_t k = 0; k < constraints.cvar_limits.size(); ++k) {
    add_cvar_limit(constraints.cvar_limits[k], fmt::format("{}cvar_limits[{}]", kPrefix, k));
  }
  if (constraints.tracking_error) {
    const bool own = !constraints.tracking_error->benchmark.empty();
    const std::string key = kPrefix + "tracking_error";
    set.tracking_limits.push_back({key,
                                   weights_in_order(own ? constraints.tracking_error->benchmark : inputs.benchmark,
                                                    assets, own ? key + ".benchmark" : "optimize.benchmark"),
                                   constraints.tracking_error->max});
  }
  return set;
}

}  // namespace ballast
