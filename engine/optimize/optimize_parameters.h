#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/optimize/policy_parameters.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// What can be optimised; the list is objectives.def.
enum class Objective {
#define BALLAST_OBJECTIVE(name, function) name,
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE
};

template <>
struct EnumNames<Objective> {
  static constexpr const char* value[] = {
#define BALLAST_OBJECTIVE(name, function) #name,
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE
  };
};

/// Return loss: -(w'R). Surplus loss: l_s - sum_i w_i (1 + R_si), in units of initial assets.
enum class LossKind { automatic, return_loss, surplus };
template <>
struct EnumNames<LossKind> {
  static constexpr const char* value[] = {"auto", "return", "surplus"};
};

struct GroupParameters {
  std::vector<std::string> assets;
  std::optional<double> min, max;

  static void describe(auto& self, auto&& key) {
    key("assets", self.assets, Spec{.help = "assets of the group", .required = true});
    key("min", self.min, Spec{.help = "least weight of the group"});
    key("max", self.max, Spec{.help = "largest weight of the group"});
  }
  void check(auto&& problem) const {
    if (!min && !max) problem("assets", "has neither min nor max");
    if (min && max && *min > *max) problem("max", "is less than min");
  }
};

struct TurnoverParameters {
  std::map<std::string, double> from;
  double max = 0.0;

  static void describe(auto& self, auto&& key) {
    key("from", self.from, Spec{.help = "weights to trade from; default: balance.current"});
    key("max", self.max, Spec{.help = "largest sum of absolute changes of weights", .min = 0, .required = true});
  }
};

/// Weights are a number for all assets, or by asset.
struct WeightBound {
  static constexpr const char* shorthand = "all";
  static constexpr const char* map_shorthand = "by_asset";
  std::optional<double> all;
  std::map<std::string, double> by_asset;

  static void describe(auto& self, auto&& key) {
    key("all", self.all, Spec{.help = "for every asset"});
    key("by_asset", self.by_asset, Spec{.help = "for single assets, instead"});
  }
  void check(auto&& problem) const {
    if (!all && by_asset.empty())
      problem("all", "is missing (a weight for every asset, or by_asset: weights by asset)");
  }
};

struct ConstraintParameters {
  bool long_only = true;
  std::optional<WeightBound> min_weight, max_weight;
  std::optional<double> min_return;
  std::vector<GroupParameters> groups;
  std::optional<TurnoverParameters> turnover;
  std::optional<double> leverage;

  static void describe(auto& self, auto&& key) {
    key("long_only", self.long_only, Spec{.help = "no weight below 0"});
    key("min_weight", self.min_weight, Spec{.help = "least weight"});
    key("max_weight", self.max_weight, Spec{.help = "largest weight"});
    key("min_return", self.min_return, Spec{.help = "least expected simple return over optimize.horizon_years"});
    key("groups", self.groups, Spec{.help = "bounds on sums of weights"});
    key("turnover", self.turnover, Spec{.help = "limit on trading"});
    key("leverage", self.leverage, Spec{.help = "largest sum of absolute weights", .min = 1});
  }
};

struct FrontierParameters {
  int points = 10;

  static void describe(auto& self, auto&& key) {
    key("points", self.points,
        Spec{
            .help = "number of portfolios, from the least CVaR to the largest expected return", .min = 2, .max = 1000});
  }
};

/// Study section `optimize`.
struct OptimizeParameters {
  Objective objective = Objective::min_cvar;
  LossKind loss = LossKind::automatic;
  double confidence = 0.95;
  double horizon_years = 1.0;
  double gap = 1e-6;
  ConstraintParameters constraints;
  std::optional<FrontierParameters> frontier;
  std::optional<PolicyParameters> policy;

  static void describe(auto& self, auto&& key) {
    key("objective", self.objective, Spec{.help = "what is optimised; the weights are fully invested"});
    key("loss", self.loss,
        Spec{
            .help =
                "return: -(w'R); surplus: fall of assets against the liabilities, per unit of initial assets; auto: "
                "surplus when there are liabilities, except with max_sharpe",
        });
    key("confidence", self.confidence,
        Spec{.help = "of VaR and CVaR", .min = 0, .max = 0.99999, .exclusive_min = true});
    key("horizon_years", self.horizon_years,
        Spec{.help = "horizon of returns and losses, a whole number of steps",
             .unit = "years",
             .min = 0,
             .exclusive_min = true});
    key("gap", self.gap,
        Spec{.help = "relative gap between value and proven lower bound at which the search ends",
             .min = 1e-10,
             .max = 0.1});
    key("constraints", self.constraints, Spec{.help = "besides being fully invested"});
    key("frontier", self.frontier,
        Spec{.help =
                 "efficient frontier of expected return and CVaR, each point certified; min_return does not bind it"});
    key("policy", self.policy,
        Spec{.help = "weights over the whole projection, a constant mix or a glide path, beside those of one period"});
  }
  void check(auto&& problem) const {
    if (frontier && objective != Objective::min_cvar) problem("frontier", "is only for objective: min_cvar");
  }
};

/// The loss meant by `auto`; the Sharpe ratio is one of returns.
inline LossKind loss_of(const OptimizeParameters& asked, bool has_liabilities) {
  if (asked.loss != LossKind::automatic) return asked.loss;
  return has_liabilities && asked.objective != Objective::max_sharpe ? LossKind::surplus : LossKind::return_loss;
}

}  // namespace ballast
