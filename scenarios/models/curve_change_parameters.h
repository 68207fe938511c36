#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

/// The scale on which curve changes are added to continuous zero rates.
enum class CurveChangeKind { absolute, relative, shifted_log, none };
template <>
struct EnumNames<CurveChangeKind> {
  static constexpr const char* value[] = {"absolute", "relative", "shifted_log", "none"};
};

enum class RevertTo { history, initial };
template <>
struct EnumNames<RevertTo> {
  static constexpr const char* value[] = {"history", "initial"};
};

struct CurveChangeParameters {
  CurveChangeKind kind = CurveChangeKind::absolute;
  double shift = 0.02;
  bool demean = true;
  std::optional<int> components;
  std::optional<double> mean_reversion;
  RevertTo revert_to = RevertTo::history;
  std::optional<double> floor;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help =
                 "scale on which changes are added to continuous zero rates z: z itself, log z (needs positive rates), "
                 "log(z + shift), or none: the curve keeps its shape and level"});
    key("shift", self.shift, Spec{.help = "the shift of shifted_log", .min = 0, .exclusive_min = true});
    key("demean", self.demean,
        Spec{.help = "take the history's mean change out: the history's fall in rates is no forecast"});
    key("components", self.components,
        Spec{.help =
                 "principal components of the changes that move the curve; all: full-curve changes, as they happened",
             .min = 1,
             .empty = "all"});
    key("mean_reversion", self.mean_reversion,
        Spec{.help =
                 "speed at which each principal component of the curve reverts; auto: fitted to the history; 0: none",
             .unit = "1/years",
             .min = 0,
             .max = 10,
             .empty = "auto"});
    key("revert_to", self.revert_to,
        Spec{.help = "the level it reverts to: the history's mean curve, or today's curve"});
    key("floor", self.floor, Spec{.help = "lowest continuous zero rate", .empty = "none"});
  }
};

}  // namespace ballast
