#pragma once

#include <map>
#include <string>

#include "scenarios/base/describe.h"

namespace ballast {

/// Study section `scenarios.spreads`: by column of market.spreads; what is not given is estimated.
struct SpreadParameters {
  std::map<std::string, double> median, mean_reversion, now;

  static void describe(auto& self, auto&& key) {
    key("median", self.median,
        Spec{.help = "by column of market.spreads: the spread that it reverts to, half of the time above it",
             .min = 0,
             .max = 1,
             .exclusive_min = true});
    key("mean_reversion", self.mean_reversion,
        Spec{.help = "by column: speed at which its logarithm reverts",
             .unit = "1/years",
             .min = 0,
             .max = 100,
             .exclusive_min = true});
    key("now", self.now,
        Spec{.help = "by column: at the valuation date; default: the history's last",
             .min = 0,
             .max = 1,
             .exclusive_min = true});
  }
};

}  // namespace ballast
