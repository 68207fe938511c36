#pragma once

#include <string>

#include "engine/portfolio/bond_parameters.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// A fund of corporate bonds of constant maturity on a simulated credit spread. What holders lose of the spread:
/// defaults net of recovery, and sales of what is downgraded out of the fund's quality. Default rates of Moody's annual
/// study and recoveries: engine/portfolio/CREDIT.md.
struct CorporateBondParameters {
  double years = 0.0;
  std::string spread;
  double default_rate = 0.0;
  double recovery = 0.4;
  double downgrade_loss = 0.0;
  int frequency = 2;

  static void describe(auto& self, auto&& key) {
    key("years", self.years,
        Spec{.help = "maturity", .unit = "years", .min = 0, .max = 100, .exclusive_min = true, .required = true});
    key("spread", self.spread,
        Spec{.help = "column of market.spreads: added to the continuous zero rates that price it", .required = true});
    key("default_rate", self.default_rate,
        Spec{.help = "expected share of issuers that default, by quality; see engine/portfolio/CREDIT.md",
             .unit = "a year",
             .min = 0,
             .max = 1,
             .required = true});
    key("recovery", self.recovery, Spec{.help = "share of a bond's value kept in default", .min = 0, .max = 1});
    key("downgrade_loss", self.downgrade_loss,
        Spec{.help = "what selling downgraded bonds costs the fund", .unit = "a year", .min = 0, .max = 0.2});
    key("frequency", self.frequency, Spec{.help = "coupons a year", .min = 1, .max = 12});
  }
  void check(auto&& problem) const {
    if (yearly_loss() >= 1) problem("default_rate", "and downgrade_loss take all of the fund in a year");
  }

  ConstantMaturityParameters bond() const { return {years, BondKind::par, frequency}; }
  double yearly_loss() const { return default_rate * (1 - recovery) + downgrade_loss; }
};

}  // namespace ballast
