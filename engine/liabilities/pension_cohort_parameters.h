#pragma once

#include <optional>

#include "engine/liabilities/indexation_parameters.h"
#include "engine/liabilities/mortality_parameters.h"

namespace ballast {

/// A closed defined-benefit scheme.
struct PensionCohortParameters {
  InputPath members;
  MortalityParameters mortality;
  double retirement_age = 65.0, accrual = 1.0 / 60;
  double salary_growth = 0.0;
  bool salary_follows_inflation = false, future_service = false;
  std::optional<IndexationParameters> revaluation, indexation;
  int payments_per_year = 12;
  double survivor_share = 0.0, survivor_age_difference = 3.0;

  static void describe(auto& self, auto&& key) {
    key("members", self.members,
        Spec{
            .help =
                "CSV file: age; status (active, deferred or pensioner); salary and service_years of actives; pension a "
                "year of the others; where wanted sex (names a column of the mortality table), count, retirement_age",
            .required = true});
    key("mortality", self.mortality, Spec{.help = "a table of q_x, or a law", .required = true});
    key("retirement_age", self.retirement_age,
        Spec{.help = "of members whose row gives none", .unit = "years", .min = 30, .max = 100});
    key("accrual", self.accrual, Spec{.help = "share of the final salary a year of service earns", .min = 0, .max = 1});
    key("salary_growth", self.salary_growth, Spec{.help = "a year, until retirement", .min = -0.2, .max = 0.5});
    key("salary_follows_inflation", self.salary_follows_inflation,
        Spec{.help = "salary_growth is then beside inflation"});
    key("future_service", self.future_service,
        Spec{.help = "counts service until retirement; false: what was earned so far (projected unit credit)"});
    key("revaluation", self.revaluation, Spec{.help = "of deferred pensions until retirement; left out: none"});
    key("indexation", self.indexation, Spec{.help = "of pensions in payment; left out: none"});
    key("payments_per_year", self.payments_per_year, Spec{.help = "payments a year", .min = 1, .max = 12});
    key("survivor_share", self.survivor_share,
        Spec{.help = "of the pension, paid to a partner after a pensioner's death", .min = 0, .max = 1});
    key("survivor_age_difference", self.survivor_age_difference,
        Spec{.help = "by which partners are younger", .unit = "years", .min = -30, .max = 30});
  }
};

}  // namespace ballast
