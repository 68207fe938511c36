#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/portfolio/asset_parameters.h"
#include "scenarios/base/describe.h"

namespace ballast {

enum class Rebalancing { constant_mix, buy_and_hold };
template <>
struct EnumNames<Rebalancing> {
  static constexpr const char* value[] = {"constant_mix", "buy_and_hold"};
};

/// Costs of trading as shares of the value traded: a number for all assets, or by asset.
struct TradingCosts {
  static constexpr const char* shorthand = "all";
  static constexpr const char* map_shorthand = "by_asset";
  std::optional<double> all;
  std::map<std::string, double> by_asset;

  double of(const std::string& asset) const {
    auto found = by_asset.find(asset);
    return found != by_asset.end() ? found->second : all.value_or(0.0);
  }
  static void describe(auto& self, auto&& key) {
    key("all", self.all, Spec{.help = "of every asset", .min = 0, .max = 0.5});
    key("by_asset", self.by_asset, Spec{.help = "of single assets; others trade free", .min = 0, .max = 0.5});
  }
};

/// Study section `balance`.
struct BalanceParameters {
  std::optional<double> funding_ratio;
  std::optional<double> assets;
  std::map<std::string, double> current;
  Rebalancing rebalancing = Rebalancing::constant_mix;
  std::optional<double> rebalance_every_years;
  double contributions = 0.0;
  std::optional<TradingCosts> trading_costs;

  static void describe(auto& self, auto&& key) {
    key("funding_ratio", self.funding_ratio,
        Spec{.help = "initial assets over the liabilities' present value", .min = 0, .max = 10, .exclusive_min = true});
    key("assets", self.assets,
        Spec{.help = "initial assets, in the currency of the cash flows; instead of funding_ratio",
             .min = 0,
             .exclusive_min = true});
    key("current", self.current, Spec{.help = "current weights by asset, summing to 1"});
    key("rebalancing", self.rebalancing, Spec{.help = "what happens to the weights over time"});
    key("rebalance_every_years", self.rebalance_every_years,
        Spec{.help = "constant_mix: time between rebalancings, a whole number of steps; default: every step",
             .unit = "years",
             .min = 0,
             .exclusive_min = true,
             .empty = "every_step"});
    key("contributions", self.contributions,
        Spec{.help = "paid in each year, in equal parts at the end of each step", .unit = "currency a year"});
    key("trading_costs", self.trading_costs,
        Spec{.help = "paid out of assets when holdings return to their weights, as a share of the value traded"});
  }
  void check(auto&& problem) const {
    if (funding_ratio && assets) problem("assets", "is given together with funding_ratio (one follows from the other)");
  }
};

}  // namespace ballast
