#pragma once

#include <string>
#include <vector>

#include "scenarios/base/describe.h"

namespace ballast {

struct CorrelationPair {
  std::vector<std::string> between;
  double value = 0.0;

  static void describe(auto& self, auto&& key) {
    key("between", self.between, Spec{.help = "two columns: asset series, `curve component 1`, ...", .required = true});
    key("value", self.value, Spec{.help = "their correlation per step", .min = -1, .max = 1, .required = true});
  }
  void check(auto&& problem) const {
    if (between.size() != 2 || between[0] == between[1]) problem("between", "must name two different columns");
  }
};

/// Correlations given instead of the history's, under any model.
struct CorrelationParameters {
  std::vector<CorrelationPair> pairs;
  bool repair = false;

  static void describe(auto& self, auto&& key) {
    key("pairs", self.pairs, Spec{.help = "correlations to put in the place of the history's; the others stay"});
    key("repair", self.repair,
        Spec{.help =
                 "move correlations that no returns can have to the nearest ones that some can (Higham 2002), and say "
                 "so; without it they are an error"});
  }
};

}  // namespace ballast
