#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/optimize/problem.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// Limits on the sum of some assets' weights.
struct GroupLimit {
  std::vector<std::string> assets;
  std::optional<double> min;
  std::optional<double> max;

  static void describe(auto& self, auto&& key) {
    key("assets", self.assets, Spec{.help = "the assets whose weights are added", .required = true});
    key("min", self.min, Spec{.help = "least sum of their weights"});
    key("max", self.max, Spec{.help = "greatest sum of their weights"});
  }
  void check(auto&& problem) const {
    if (assets.empty()) problem("assets", "the group is empty (nothing can be limited) name at least one asset");
    if (min && max && *min > *max) problem("min", "min is above max (no weights satisfy both) swap or correct them");
    if (!min && !max) problem("max", "the group has no limit (it would do nothing) give min, max or both");
  }
};

/// Limit on how far the weights move: sum_i |w_i - from_i| <= max (buying and selling both count).
struct TurnoverLimit {
  std::map<std::string, double> from;  ///< assets left out: 0
  double max = 2.0;

  static void describe(auto& self, auto&& key) {
    key("from", self.from, Spec{.help = "the weights held now; an asset left out has 0", .required = true});
    key("max", self.max,
        Spec{.help = "greatest sum of |weight - from|, buying and selling both counted", .min = 0.0, .required = true});
  }
};

/// The study's optimize.constraints. Without any: long-only and fully invested.
struct WeightConstraints {
  bool long_only = true;
  std::optional<double> min_weight;  ///< of every asset
  std::optional<double> max_weight;
  std::optional<double> min_return;  ///< of the expected simple return over the horizon
  std::vector<GroupLimit> groups;
  std::optional<TurnoverLimit> turnover;
  std::optional<double> leverage;  ///< sum_i |w_i| <= leverage
  std::optional<double> max_cvar;

  static void describe(auto& self, auto&& key) {
    key("long_only", self.long_only, Spec{.help = "no weight below 0"});
    key("min_weight", self.min_weight, Spec{.help = "least weight of each asset"});
    key("max_weight", self.max_weight, Spec{.help = "greatest weight of each asset"});
    key("min_return", self.min_return, Spec{.help = "least expected return over the optimisation horizon"});
    key("groups", self.groups, Spec{.help = "limits on sums of weights"});
    key("turnover", self.turnover, Spec{.help = "limit on the distance from given weights"});
    key("leverage", self.leverage, Spec{.help = "greatest sum of absolute weights", .min = 0.0, .exclusive_min = true});
    key("max_cvar", self.max_cvar, Spec{.help = "greatest CVaR, for objectives other than min_cvar"});
  }
  void check(auto&& problem) const {
    if (min_weight && max_weight && *min_weight > *max_weight) {
      problem("min_weight", "min_weight is above max_weight (no weight satisfies both) swap or correct them");
    }
  }
};

/// The weights that satisfy `constraints`, with the study keys as names. `mean_return`: expected simple return of each
/// asset over the horizon (needed with min_return). Turnover and leverage get one auxiliary variable an asset, a_i >=
/// |w_i - from_i|, and a row sum a <= limit. Throws InputError with the key of what is unusable: an unknown asset,
/// max_cvar (not solved yet).
FeasibleSet feasible_set(const WeightConstraints& constraints, const std::vector<std::string>& assets,
                         std::span<const double> mean_return);

}  // namespace ballast
