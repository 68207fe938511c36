#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

/// What is taken for expected inflation.
enum class InflationKind { history, vasicek };
template <>
struct EnumNames<InflationKind> {
  static constexpr const char* value[] = {"history", "vasicek"};
};

/// Study section `scenarios.inflation`.
struct InflationParameters {
  InflationKind model = InflationKind::history;
  std::optional<double> mean, mean_reversion, gain, expected;

  static void describe(auto& self, auto&& key) {
    key("model", self.model,
        Spec{.help = "history: an autoregression of inflation itself; vasicek: expected inflation is an "
                     "Ornstein-Uhlenbeck process of its own, and inflation scatters about it"});
    key("mean", self.mean,
        Spec{.help = "inflation reverts to it; auto: estimated",
             .unit = "a year",
             .min = -0.5,
             .max = 5,
             .empty = "auto"});
    key("mean_reversion", self.mean_reversion,
        Spec{.help = "vasicek: speed at which expected inflation reverts; auto: estimated",
             .unit = "1/years",
             .min = 0,
             .max = 100,
             .exclusive_min = true,
             .empty = "auto"});
    key("gain", self.gain,
        Spec{.help = "vasicek: by how much expected inflation of the next step changes with a surprise of 1 in this "
                     "step's; auto: estimated",
             .min = 0,
             .max = 2,
             .empty = "auto"});
    key("expected", self.expected,
        Spec{.help = "inflation expected for the first step; auto: what the history up to now makes expect",
             .unit = "a year",
             .min = -0.5,
             .max = 5,
             .empty = "auto"});
  }
  void check(auto&& problem) const {
    if (model == InflationKind::vasicek) return;
    if (mean_reversion) problem("mean_reversion", "is only for model: vasicek (history estimates it)");
    if (gain) problem("gain", "is only for model: vasicek");
  }
};

}  // namespace ballast
