#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/describe.h"

namespace ballast {

enum class BondKind { par, zero };
template <>
struct EnumNames<BondKind> {
  static constexpr const char* value[] = {"par", "zero"};
};

/// A fund that buys a bond of this maturity at each step, ages it one step, re-prices it off the simulated curve and
/// rolls.
struct ConstantMaturityParameters {
  static constexpr const char* shorthand = "years";
  double years = 0.0;
  BondKind bond = BondKind::par;
  int frequency = 2;

  static void describe(auto& self, auto&& key) {
    key("years", self.years,
        Spec{.help = "maturity", .unit = "years", .min = 0, .max = 100, .exclusive_min = true, .required = true});
    key("bond", self.bond, Spec{.help = "a bond bought at par, or a zero-coupon bond"});
    key("frequency", self.frequency, Spec{.help = "coupons a year", .min = 1, .max = 12});
  }
};

enum class ReturnKind { excess, total };
template <>
struct EnumNames<ReturnKind> {
  static constexpr const char* value[] = {"excess", "total"};
};

/// The regulators' families of assets, for series: bonds follow rates alone, by their duration.
enum class AssetClass { equity_type_1, equity_type_2, property, fixed_income };
template <>
struct EnumNames<AssetClass> {
  static constexpr const char* value[] = {"equity_type_1", "equity_type_2", "property", "fixed_income"};
};

/// A duration that is known, or to be estimated.
struct DurationParameter {
  static constexpr const char* shorthand = "years";
  std::optional<double> years;

  static void describe(auto& self, auto&& key) {
    key("years", self.years,
        Spec{.help = "change in value by change of the zero rate; auto: regressed on the history of curves",
             .unit = "years",
             .min = -100,
             .max = 200,
             .empty = "auto"});
  }
};

/// One entry of the study's list `assets`: a series of the history, a constant-maturity bond fund, a zero-coupon bond
/// held to maturity, or cash.
struct AssetParameters {
  std::string name;
  std::optional<std::string> series;
  std::optional<double> constant_maturity_years;
  std::optional<ConstantMaturityParameters> constant_maturity;
  std::optional<double> zero_coupon_years;
  bool cash = false;
  std::optional<ReturnKind> return_kind;
  std::optional<double> expected_return;
  std::optional<DurationParameter> duration;
  std::optional<double> convexity;
  std::optional<AssetClass> asset_class;

  static void describe(auto& self, auto&& key) {
    key("name", self.name, Spec{.help = "name in the results", .required = true});
    key("series", self.series, Spec{.help = "column of the history"});
    key("constant_maturity_years", self.constant_maturity_years,
        Spec{.help = "par bond of this maturity, rolled each step; short for constant_maturity: {years: ...}",
             .unit = "years",
             .min = 0,
             .max = 100,
             .exclusive_min = true});
    key("constant_maturity", self.constant_maturity, Spec{.help = "bond fund re-priced off the simulated curve"});
    key("zero_coupon_years", self.zero_coupon_years,
        Spec{.help = "zero-coupon bond that matures so long after the valuation date; held, then rolled in cash",
             .unit = "years",
             .min = 0,
             .max = 200,
             .exclusive_min = true});
    key("cash", self.cash, Spec{.help = "rolls the short rate"});
    key("return", self.return_kind,
        Spec{.help = "excess: the history's return over its own short rate plus the simulated short rate; total: the "
                     "history's return as it was; default: excess when a curve is simulated, else total"});
    key("expected_return", self.expected_return,
        Spec{.help = "annual arithmetic expected return; recentres the series", .min = -0.9, .max = 5});
    key("duration", self.duration,
        Spec{.help = "how a series reacts to stressed rates, a number of years or auto; 0: not at all"});
    key("convexity", self.convexity, Spec{.help = "of a series, beside its duration", .unit = "years^2"});
    key("class", self.asset_class,
        Spec{.help = "the regulators' family of a series; default: fixed_income with a duration, else equity_type_2"});
  }
  void check(auto&& problem) const {
    int kinds = int(series.has_value()) + int(constant_maturity_years.has_value()) +
                int(constant_maturity.has_value()) + int(zero_coupon_years.has_value()) + int(cash);
    if (kinds != 1) {
      problem("name", kinds ? "names more than one of series, constant_maturity_years, constant_maturity, "
                              "zero_coupon_years and cash"
                            : "needs one of series, constant_maturity_years, constant_maturity, zero_coupon_years or "
                              "cash: true");
    }
    if (!series && return_kind) problem("return", "is only for an asset with a series");
    if (!series && duration) problem("duration", "is only for an asset with a series");
    if (!series && asset_class) problem("class", "is only for an asset with a series");
    if (convexity && !duration) problem("convexity", "needs duration beside it");
    if (!series && expected_return) problem("expected_return", "is only for an asset with a series");
  }
};

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
        Spec{.help = "initial assets over the liabilities' present value", .min = 0, .exclusive_min = true});
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
