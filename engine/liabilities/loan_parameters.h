#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

enum class Amortisation { bullet, annuity, linear };
template <>
struct EnumNames<Amortisation> {
  static constexpr const char* value[] = {"bullet", "annuity", "linear"};
};

/// A loan at a fixed or a floating rate.
struct LoanParameters {
  double principal = 0.0, years = 0.0;
  int payments_per_year = 4;
  Amortisation amortisation = Amortisation::bullet;
  double rate = 0.0;
  bool floating = false;

  static void describe(auto& self, auto&& key) {
    key("principal", self.principal,
        Spec{.help = "outstanding now: positive what is owed, negative what was lent",
             .unit = "currency",
             .required = true});
    key("years", self.years,
        Spec{.help = "until the last payment, a whole number of periods",
             .unit = "years",
             .min = 0,
             .max = 200,
             .exclusive_min = true,
             .required = true});
    key("payments_per_year", self.payments_per_year,
        Spec{.help = "payments of interest and principal a year, and of new rates where they float",
             .min = 1,
             .max = 365});
    key("amortisation", self.amortisation,
        Spec{.help =
                 "principal repaid at the end (bullet), in equal instalments with interest (annuity, at `rate`), or in "
                 "equal parts (linear)"});
    key("rate", self.rate,
        Spec{.help = "nominal interest a year, paid in equal parts; floating: the margin over the market's rate of the "
                     "period",
             .min = -0.2,
             .max = 1});
    key("floating", self.floating, Spec{.help = "interest at the market's rate, set at the start of each period"});
  }
  void check(auto&& problem) const {
    double payments = years * payments_per_year, off = payments - double(long(payments + 0.5));
    if (payments < 0.5 || off > 1e-6 || off < -1e-6) problem("years", "is not a whole number of payment periods");
  }
};

enum class DepositCategory { retail_transactional, retail_non_transactional, wholesale };
template <>
struct EnumNames<DepositCategory> {
  static constexpr const char* value[] = {"retail_transactional", "retail_non_transactional", "wholesale"};
};

enum class DecayProfile { linear, exponential };
template <>
struct EnumNames<DecayProfile> {
  static constexpr const char* value[] = {"linear", "exponential"};
};

/// Deposits without maturity: a core that decays, the rest overnight.
struct DepositParameters {
  double balance = 0.0, core_share = 0.0, core_years = 0.0;
  std::optional<DepositCategory> category;
  DecayProfile decay = DecayProfile::linear;
  double rate = 0.0, pass_through = 0.0;

  static void describe(auto& self, auto&& key) {
    key("balance", self.balance, Spec{.help = "now", .unit = "currency", .min = 0, .required = true});
    key("core_share", self.core_share,
        Spec{.help = "that stays and is unlikely to be repriced; the rest is due the next day",
             .min = 0,
             .max = 1,
             .required = true});
    key("core_years", self.core_years,
        Spec{.help = "average life of the core",
             .unit = "years",
             .min = 0,
             .max = 30,
             .exclusive_min = true,
             .required = true});
    key("category", self.category,
        Spec{.help =
                 "of the interest-rate-risk standard, whose caps on core share and average life then hold; left out: "
                 "no caps"});
    key("decay", self.decay, Spec{.help = "of the core, monthly: by equal amounts, or at an equal rate"});
    key("rate", self.rate,
        Spec{.help = "paid on the core, in monthly parts, whatever the market does", .min = -0.1, .max = 0.5});
    key("pass_through", self.pass_through,
        Spec{.help = "share of the market's one-month rate paid beside it", .min = 0, .max = 1});
  }
};

}  // namespace ballast
