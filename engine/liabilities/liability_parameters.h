#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/liabilities/cash_flow_parameters.h"
#include "engine/liabilities/certain_parameters.h"
#include "engine/liabilities/life_annuity_parameters.h"
#include "engine/liabilities/loan_parameters.h"
#include "engine/liabilities/pension_cohort_parameters.h"
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

/// One entry of the study's list `liabilities`: a name and one structure of registry.def.
struct LiabilityParameters {
  std::string name;
#define BALLAST_LIABILITY(name, Parameters, help) std::optional<Parameters> name;
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY
  DiscountParameters discount;

  static void describe(auto& self, auto&& key) {
    key("name", self.name, Spec{.help = "name in the results", .required = true});
#define BALLAST_LIABILITY(name, Parameters, help_text) key(#name, self.name, Spec{.help = help_text});
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY
    key("discount", self.discount, Spec{.help = "discounting other than at the market curve"});
  }
  void check(auto&& problem) const {
    std::string given, all;
    int count = 0;
#define BALLAST_LIABILITY(name, Parameters, help)           \
  all += (all.empty() ? "" : ", ") + std::string(#name);    \
  if (name) {                                               \
    given += (count++ ? " and " : "") + std::string(#name); \
  }
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY
    if (count > 1) problem("", "names more than one structure (" + given + "); make them two liabilities");
    if (count == 0) problem("", "needs one of " + all);
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
