#pragma once

#include <optional>

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

/// A bond bought at the valuation date and held until it is redeemed.
struct CouponBondParameters {
  static constexpr const char* shorthand = "years";
  double years = 0.0;
  std::optional<double> coupon;
  int frequency = 2;
  double spread = 0.0;

  static void describe(auto& self, auto&& key) {
    key("years", self.years,
        Spec{.help = "from the valuation date to maturity",
             .unit = "years",
             .min = 0,
             .max = 100,
             .exclusive_min = true,
             .required = true});
    key("coupon", self.coupon,
        Spec{.help = "annual coupon (of an index-linked bond, in money of the valuation date); par: the bond is worth "
                     "its face value then",
             .min = 0,
             .max = 1,
             .empty = "par"});
    key("frequency", self.frequency, Spec{.help = "coupons a year", .min = 1, .max = 12});
    key("spread", self.spread,
        Spec{.help = "added to the continuous zero rates that price it, now and later; it does not change",
             .min = -0.2,
             .max = 0.5});
  }
};

/// Receive-fixed interest-rate swaps over collateral in cash: the hedge of liability-driven investors as a pooled fund
/// sells it. The swaps cost nothing and are struck anew at each step, so one unit of the fund earns
///     cash + notional x (constant-maturity par bond - cash),
/// the floating leg being reset at each step: what the swaps win or lose is financed at cash.
struct SwapOverlayParameters {
  static constexpr const char* shorthand = "years";
  double years = 0.0;
  double notional = 1.0;
  int frequency = 2;

  static void describe(auto& self, auto&& key) {
    key("years", self.years,
        Spec{.help = "maturity of the swaps",
             .unit = "years",
             .min = 0,
             .max = 100,
             .exclusive_min = true,
             .required = true});
    key("notional", self.notional,
        Spec{.help = "of the swaps, per unit of money held as collateral; negative: fixed is paid",
             .min = -20,
             .max = 20});
    key("frequency", self.frequency, Spec{.help = "payments of the fixed leg a year", .min = 1, .max = 12});
  }
};

}  // namespace ballast
