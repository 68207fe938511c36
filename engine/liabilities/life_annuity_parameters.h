#pragma once

#include <optional>

#include "engine/liabilities/indexation_parameters.h"
#include "engine/liabilities/mortality_parameters.h"

namespace ballast {

/// A second life.
struct JointLifeParameters {
  double age = 0.0;
  std::optional<MortalityParameters> mortality;
  double to_second = 1.0, to_first = 1.0;

  static void describe(auto& self, auto&& key) {
    key("age", self.age, Spec{.help = "of the second life", .unit = "years", .min = 0, .max = 120, .required = true});
    key("mortality", self.mortality, Spec{.help = "of the second life; default: the first's"});
    key("to_second", self.to_second,
        Spec{.help = "share of the amount paid while only the second lives (1: last survivor; 0: joint life)",
             .min = 0,
             .max = 2});
    key("to_first", self.to_first, Spec{.help = "share paid while only the first lives", .min = 0, .max = 2});
  }
};

/// Payments while somebody lives.
struct LifeAnnuityParameters {
  double amount = 0.0, age = 0.0;
  MortalityParameters mortality;
  int payments_per_year = 12;
  double growth = 0.0, deferred_years = 0.0;
  std::optional<double> years;
  double guaranteed_years = 0.0;
  std::optional<JointLifeParameters> joint;
  std::optional<IndexationParameters> indexation;

  static void describe(auto& self, auto&& key) {
    key("amount", self.amount,
        Spec{.help = "paid in the first year, in equal parts at the ends of periods",
             .unit = "currency a year",
             .required = true});
    key("age", self.age, Spec{.help = "now", .unit = "years", .min = 0, .max = 120, .required = true});
    key("mortality", self.mortality, Spec{.help = "a table of q_x, or a law", .required = true});
    key("payments_per_year", self.payments_per_year, Spec{.help = "payments a year", .min = 1, .max = 365});
    key("growth", self.growth,
        Spec{.help = "by which payments grow from one year of payment to the next", .min = -0.5, .max = 0.5});
    key("deferred_years", self.deferred_years,
        Spec{.help = "until the first period begins", .unit = "years", .min = 0, .max = 120});
    key("years", self.years,
        Spec{.help = "longest time of payment (a temporary annuity); default: for life",
             .unit = "years",
             .min = 0,
             .max = 130,
             .exclusive_min = true});
    key("guaranteed_years", self.guaranteed_years,
        Spec{.help = "of payment that do not depend on life", .unit = "years", .min = 0, .max = 130});
    key("joint", self.joint, Spec{.help = "a second life"});
    key("indexation", self.indexation, Spec{.help = "how payments follow prices; left out: not at all"});
  }
};

}  // namespace ballast
