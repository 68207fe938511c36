#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/portfolio/bond_parameters.h"
#include "engine/portfolio/corporate_bond_parameters.h"
#include "scenarios/base/describe.h"
#include "scenarios/stress/credit_quality.h"

namespace ballast {

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

/// One entry of the study's list `assets`: a series of the history, one of the assets that follow the curve, or cash.
struct AssetParameters {
  std::string name;
  std::optional<std::string> series;
  std::optional<double> constant_maturity_years;
  std::optional<ConstantMaturityParameters> constant_maturity;
  std::optional<double> zero_coupon_years;
  std::optional<CouponBondParameters> coupon_bond;
  std::optional<SwapOverlayParameters> swap_overlay;
  std::optional<ConstantMaturityParameters> inflation_linked;
  std::optional<CouponBondParameters> inflation_linked_bond;
  std::optional<CorporateBondParameters> corporate_bond;
  bool cash = false;
  std::optional<ReturnKind> return_kind;
  std::optional<double> expected_return;
  std::optional<DurationParameter> duration;
  std::optional<double> convexity;
  std::optional<AssetClass> asset_class;
  std::optional<CreditQuality> credit_quality;

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
    key("coupon_bond", self.coupon_bond,
        Spec{.help = "coupon bond held to maturity, coupons reinvested in it, then rolled in cash"});
    key("swap_overlay", self.swap_overlay,
        Spec{.help = "cash as collateral, and receive-fixed swaps over it; its P&L is financed at cash"});
    key("inflation_linked", self.inflation_linked,
        Spec{
            .help =
                "fund of index-linked bonds of this maturity, rolled each step: a bond on the real curve (nominal less "
                "expected inflation), times the price index; needs market.inflation"});
    key("inflation_linked_bond", self.inflation_linked_bond,
        Spec{.help = "index-linked coupon bond held to maturity: real coupons and redemption times the price index "
                     "(without a floor), reinvested in it, then rolled in cash; needs market.inflation"});
    key("corporate_bond", self.corporate_bond,
        Spec{.help = "fund of corporate bonds of constant maturity, priced at the simulated curve plus a simulated "
                     "credit spread, less expected default losses; needs market.spreads"});
    key("cash", self.cash, Spec{.help = "rolls the short rate"});
    key("return", self.return_kind,
        Spec{.help = "excess: the history's return over its own short rate plus the simulated short rate; total: the "
                     "history's return as it was; default: excess when a curve is simulated, else total"});
    key("expected_return", self.expected_return,
        Spec{.help = "annual arithmetic expected return; recentres the series", .min = -0.9, .max = 1});
    key("duration", self.duration,
        Spec{.help = "how a series reacts to stressed rates, a number of years or auto; 0: not at all"});
    key("convexity", self.convexity, Spec{.help = "of a series, beside its duration", .unit = "years^2"});
    key("class", self.asset_class,
        Spec{.help = "the regulators' family of a series; default: fixed_income with a duration, else equity_type_2"});
    key("credit_quality", self.credit_quality,
        Spec{
            .help =
                "for spread stresses, of a series of bonds or an asset that follows the curve (government by "
                "default, a corporate_bond unrated): step_0 (AAA) to step_6, unrated, or government (no spread risk)"});
  }
  void check(auto&& problem) const {
    const std::pair<const char*, bool> kinds[] = {{"series", series.has_value()},
                                                  {"constant_maturity_years", constant_maturity_years.has_value()},
                                                  {"constant_maturity", constant_maturity.has_value()},
                                                  {"zero_coupon_years", zero_coupon_years.has_value()},
                                                  {"coupon_bond", coupon_bond.has_value()},
                                                  {"swap_overlay", swap_overlay.has_value()},
                                                  {"inflation_linked", inflation_linked.has_value()},
                                                  {"inflation_linked_bond", inflation_linked_bond.has_value()},
                                                  {"corporate_bond", corporate_bond.has_value()},
                                                  {"cash", cash}};
    int given = 0;
    std::string all;
    for (const auto& [kind, is_given] : kinds) {
      given += is_given;
      all += (all.empty() ? "" : kind == std::string_view("cash") ? " and " : ", ") + std::string(kind);
    }
    if (given > 1) problem("", "names more than one of " + all);
    if (given == 0) problem("", "needs one of " + all + ": true");
    if (!series && return_kind) problem("return", "is only for an asset with a series");
    if (!series && duration) problem("duration", "is only for an asset with a series");
    if (!series && asset_class) problem("class", "is only for an asset with a series");
    if ((cash || swap_overlay) && credit_quality) problem("credit_quality", "is for bonds (cash has no spread)");
    if (convexity && !duration) problem("convexity", "needs duration beside it");
    if (!series && expected_return) problem("expected_return", "is only for an asset with a series");
  }
};

}  // namespace ballast
