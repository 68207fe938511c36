#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/models/correlation_parameters.h"

namespace ballast {

enum class RegimeStart { filtered, stationary };
template <>
struct EnumNames<RegimeStart> {
  static constexpr const char* value[] = {"filtered", "stationary"};
};

enum class RegimeMeans { history, given };
template <>
struct EnumNames<RegimeMeans> {
  static constexpr const char* value[] = {"history", "given"};
};

/// One regime, given instead of fitted; per step, of the columns as `ballast calibrate` names them.
struct RegimeParameters {
  std::vector<double> transition;
  std::map<std::string, double> mean, standard_deviation;
  std::vector<CorrelationPair> correlations;

  static void describe(auto& self, auto&& key) {
    key("transition", self.transition,
        Spec{.help = "probabilities that regime 1, 2, ... follows this one, a step later",
             .min = 0,
             .max = 1,
             .required = true});
    key("mean", self.mean, Spec{.help = "by column: mean log return of a step; others have the history's"});
    key("standard_deviation", self.standard_deviation,
        Spec{.help = "by column: standard deviation of a step's log return; others have the history's",
             .min = 0,
             .exclusive_min = true});
    key("correlations", self.correlations, Spec{.help = "of pairs of columns; others have the history's"});
  }
  void check(auto&& problem) const {
    double sum = 0.0;
    for (double p : transition) sum += p;
    if (std::abs(sum - 1) > 1e-9) problem("transition", "must sum to 1");
  }
};

struct RegimeSwitchingParameters {
  int regimes = 2;
  RegimeStart start = RegimeStart::filtered;
  int starts = 12;
  std::vector<RegimeParameters> parameters;
  std::optional<RegimeMeans> means;

  /// Whether the means are simulated as they were given.
  bool keeps_means() const {
    return means.value_or(parameters.empty() ? RegimeMeans::history : RegimeMeans::given) == RegimeMeans::given;
  }

  static void describe(auto& self, auto&& key) {
    key("regimes", self.regimes, Spec{.help = "number of regimes", .min = 2, .max = 3});
    key("start", self.start,
        Spec{.help = "regime before the first step: as probable as at the history's end, or in the long run"});
    key("starts", self.starts,
        Spec{.help = "points the EM algorithm is started from; the best maximum is kept", .min = 1, .max = 100});
    key("parameters", self.parameters,
        Spec{.help = "the regimes, given instead of fitted: one entry each, such as those of a published fit"});
    key("means", self.means,
        Spec{.help = "history: all regimes' means of a series are moved by one constant, so that its long-run "
                     "arithmetic mean is the history's; given: they are simulated as given; auto: given where "
                     "parameters are",
             .empty = "auto"});
  }
  void check(auto&& problem) const {
    if (means == RegimeMeans::given && parameters.empty()) problem("means", "'given' needs parameters");
    if (!parameters.empty() && parameters.size() != std::size_t(regimes)) {
      problem("parameters", "must have one entry a regime (see 'regimes')");
    }
    for (const RegimeParameters& regime : parameters) {
      if (regime.transition.size() != parameters.size()) {
        problem("parameters", "must give each regime as many transition probabilities as there are regimes");
        break;
      }
    }
  }
};

}  // namespace ballast
