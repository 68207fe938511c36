#pragma once

#include <optional>

#include "engine/liabilities/indexation_parameters.h"
#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// One payment.
struct BulletParameters {
  double amount = 0.0;
  std::optional<double> time_years;
  std::optional<Date> date;
  std::optional<IndexationParameters> indexation;

  static void describe(auto& self, auto&& key) {
    key("amount", self.amount, Spec{.help = "paid once", .unit = "currency", .required = true});
    key("time_years", self.time_years,
        Spec{.help = "when, from the valuation date", .unit = "years", .min = 0, .max = 1000, .exclusive_min = true});
    key("date", self.date, Spec{.help = "when, instead of time_years"});
    key("indexation", self.indexation, Spec{.help = "how it follows prices; left out: not at all"});
  }
  void check(auto&& problem) const {
    if (time_years.has_value() == date.has_value()) problem("", "needs one of time_years and date");
  }
};

/// Equal or growing payments for a term (annuity) or without end (perpetuity).
struct PerpetuityParameters {
  double amount = 0.0;
  int payments_per_year = 1;
  double growth = 0.0;
  double deferred_years = 0.0;
  std::optional<IndexationParameters> indexation;

  static void describe(auto& self, auto&& key) {
    key("amount", self.amount,
        Spec{.help = "paid in the first year, in equal parts", .unit = "currency a year", .required = true});
    key("payments_per_year", self.payments_per_year, Spec{.help = "payments a year", .min = 1, .max = 365});
    key("growth", self.growth,
        Spec{.help = "by which payments grow from one year of payment to the next", .min = -0.5, .max = 0.5});
    key("deferred_years", self.deferred_years,
        Spec{.help = "until the first period begins; payments are due at the ends of periods",
             .unit = "years",
             .min = 0,
             .max = 200});
    key("indexation", self.indexation, Spec{.help = "how payments follow prices, beside growth; left out: not at all"});
  }
};

struct AnnuityParameters : PerpetuityParameters {
  double years = 0.0;

  static void describe(auto& self, auto&& key) {
    PerpetuityParameters::describe(self, key);
    key("years", self.years,
        Spec{.help = "of payment, a whole number of periods",
             .unit = "years",
             .min = 0,
             .max = 500,
             .exclusive_min = true,
             .required = true});
  }
  void check(auto&& problem) const {
    double payments = years * payments_per_year;
    if (payments < 0.5 || payments - double(long(payments + 0.5)) > 1e-6 ||
        payments - double(long(payments + 0.5)) < -1e-6) {
      problem("years", "is not a whole number of payment periods");
    }
  }
};

}  // namespace ballast
