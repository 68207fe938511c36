#pragma once

#include "scenarios/base/describe.h"

namespace ballast {

enum class RegimeStart { filtered, stationary };
template <>
struct EnumNames<RegimeStart> {
  static constexpr const char* value[] = {"filtered", "stationary"};
};

struct RegimeSwitchingParameters {
  int regimes = 2;
  RegimeStart start = RegimeStart::filtered;
  int starts = 12;

  static void describe(auto& self, auto&& key) {
    key("regimes", self.regimes, Spec{.help = "number of regimes", .min = 2, .max = 3});
    key("start", self.start,
        Spec{.help = "regime before the first step: as probable as at the history's end, or in the long run"});
    key("starts", self.starts,
        Spec{.help = "points the EM algorithm is started from; the best maximum is kept", .min = 1, .max = 100});
  }
};

}  // namespace ballast
