#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/market/market_parameters.h"

namespace ballast {

/// How a liability's discount curve differs from the market's.
struct DiscountParameters {
  double spread = 0.0;

  static void describe(auto& self, auto&& key) {
    key("spread", self.spread,
        Spec{.help = "added to the continuous zero rates that discount this liability", .min = -0.2, .max = 0.5});
  }
};

/// One entry of the study's list `liabilities`.
struct LiabilityParameters {
  std::string name;
  InputPath cashflows;
  DiscountParameters discount;

  static void describe(auto& self, auto&& key) {
    key("name", self.name, Spec{.help = "name in the results", .required = true});
    key("cashflows", self.cashflows,
        Spec{.help = "CSV file: date,amount or time_years,amount (Cashflow = amount); positive amounts are payments",
             .required = true});
    key("discount", self.discount, Spec{.help = "discounting other than at the market curve"});
  }
};

/// Study section `measures`.
struct MeasureParameters {
  Compounding compounding = Compounding::annual;
  std::vector<double> key_rates = {1, 2, 3, 5, 7, 10, 15, 20, 30, 50};

  static void describe(auto& self, auto&& key) {
    key("compounding", self.compounding,
        Spec{.help = "of the rates that modified duration, convexity and key-rate durations shift"});
    key("key_rates", self.key_rates,
        Spec{.help = "nodes of the key-rate durations, ascending", .unit = "years", .min = 0});
  }
};

}  // namespace ballast
