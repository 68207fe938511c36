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

/// Auxiliary variables a_i >= |w_i - centre_i| with sum a <= limit.
void limit_distance(FeasibleSet& set, std::size_t assets, const std::vector<double>& centre, double limit,
                    const std::string& name) {
  const std::size_t first = set.variables();
  LinearConstraint total;
  total.name = name;
  total.upper = limit;
  for (std::size_t i = 0; i < assets; ++i) {
    const int weight = int(i), distance = int(first + i);
    set.lower.push_back(0.0);
    set.upper.push_back(kNoLimit);
    set.lower_name.push_back(name);
    set.upper_name.push_back(name);
    total.terms.emplace_back(distance, 1.0);
    // Inequalities, not a = w+ - w-: interior points stay away from the pair of zeros.
    set.rows.push_back({name, {{distance, 1.0}, {weight, -1.0}}, -centre[i], kNoLimit});
    set.rows.push_back({name, {{distance, 1.0}, {weight, 1.0}}, centre[i], kNoLimit});
  }
  set.rows.push_back(std::move(total));
}

}  // namespace

FeasibleSet feasible_set(const ConstraintParameters& constraints, const std::vector<std::string>& assets,
                         std::span<const double> mean_return) {
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

  if (constraints.min_return) {
    if (mean_return.size() != n) {
      throw key_error(kPrefix + "min_return",
                      fmt::format("{} expected returns for {} assets (one each is needed)", mean_return.size(), n));
    }
    LinearConstraint row{kPrefix + "min_return", {}, *constraints.min_return, kNoLimit};
    for (std::size_t i = 0; i < n; ++i) row.terms.emplace_back(int(i), mean_return[i]);
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
    std::vector<double> from(n, 0.0);
    for (const auto& [name, weight] : constraints.turnover->from) {
      from[std::size_t(asset_index(assets, name, kPrefix + "turnover.from." + name))] = weight;
    }
    limit_distance(set, n, from, constraints.turnover->max, kPrefix + "turnover.max");
  }
  if (constraints.leverage) {
    limit_distance(set, n, std::vector<double>(n, 0.0), *constraints.leverage, kPrefix + "leverage");
  }
  return set;
}

}  // namespace ballast
