#pragma once

#include <optional>
#include <vector>

#include "scenarios/base/describe.h"

namespace ballast {

/// What a multi-period policy minimises; policy_objective.h has the definitions.
enum class PolicyMeasure { terminal_cvar, worst_cvar, expected_shortfall };
template <>
struct EnumNames<PolicyMeasure> {
  static constexpr const char* value[] = {"terminal_cvar", "worst_cvar", "expected_shortfall"};
};

/// Study section `optimize.policy`.
struct PolicyParameters {
  PolicyMeasure minimise = PolicyMeasure::terminal_cvar;
  std::vector<double> change_years;
  double floor = 1.0;
  std::optional<double> horizon_years;
  std::optional<int> scenarios;
  int starts = 4;
  int max_evaluations = 1000;

  static void describe(auto& self, auto&& key) {
    key("minimise", self.minimise,
        Spec{.help = "terminal_cvar: CVaR of the deficit (liabilities less assets) at the horizon; worst_cvar: of the "
                     "largest deficit at any report time; expected_shortfall: mean shortfall below floor over all "
                     "report times; all in units of the initial assets"});
    key("change_years", self.change_years,
        Spec{.help = "when weights change (a glide path), ascending; none: one mix throughout", .unit = "years"});
    key("floor", self.floor,
        Spec{.help = "of expected_shortfall: funding ratio (without liabilities: share of the initial assets) below "
                     "which a shortfall counts",
             .min = 0,
             .max = 10,
             .exclusive_min = true});
    key("horizon_years", self.horizon_years,
        Spec{.help = "length of the policy, a whole number of steps",
             .unit = "years",
             .min = 0,
             .exclusive_min = true,
             .empty = "scenarios.horizon_years"});
    key("scenarios", self.scenarios,
        Spec{.help = "paths it is fitted to: kept in memory whole", .min = 1, .max = 1e8, .empty = "optimise_count"});
    key("starts", self.starts,
        Spec{.help = "local searches, each from a start of its own: the problem is not convex", .min = 1, .max = 100});
    key("max_evaluations", self.max_evaluations,
        Spec{.help = "of the objective, for each start", .min = 10, .max = 1e6});
  }
  void check(auto&& problem) const {
    for (std::size_t k = 0; k < change_years.size(); ++k) {
      if (change_years[k] <= (k ? change_years[k - 1] : 0.0)) problem("change_years", "must be ascending and above 0");
    }
  }
};

}  // namespace ballast
