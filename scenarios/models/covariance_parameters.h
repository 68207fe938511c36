#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

enum class CovarianceEstimate { ledoit_wolf, sample, ewma };
template <>
struct EnumNames<CovarianceEstimate> {
  static constexpr const char* value[] = {"ledoit_wolf", "sample", "ewma"};
};

/// How a model estimates the covariance of its columns.
struct CovarianceParameters {
  CovarianceEstimate estimate = CovarianceEstimate::sample;
  std::optional<double> half_life;

  static constexpr const char* shorthand = "estimate";
  static void describe(auto& self, auto&& key) {
    key("estimate", self.estimate,
        Spec{.help = "estimate of the covariance of log returns and curve innovations: shrunk (ledoit_wolf, 2004), the "
                     "sample's own, or weighted towards the recent past (ewma, RiskMetrics 1996)"});
    key("half_life", self.half_life,
        Spec{.help = "ewma: periods after which a period counts half; RiskMetrics' lambda 0.97 is 22.8, 0.94 is 11.2",
             .unit = "steps",
             .min = 0,
             .exclusive_min = true});
  }
  void check(auto&& problem) const {
    if (estimate == CovarianceEstimate::ewma && !half_life) {
      problem("half_life", "is missing (estimate: ewma needs the periods after which a period counts half)");
    }
    if (estimate != CovarianceEstimate::ewma && half_life) problem("half_life", "is only for estimate: ewma");
  }
};

}  // namespace ballast
