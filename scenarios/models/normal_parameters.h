#pragma once

#include "scenarios/base/describe.h"

namespace ballast {

enum class CovarianceEstimate { ledoit_wolf, sample };
template <>
struct EnumNames<CovarianceEstimate> {
  static constexpr const char* value[] = {"ledoit_wolf", "sample"};
};

struct NormalParameters {
  CovarianceEstimate covariance = CovarianceEstimate::ledoit_wolf;

  static void describe(auto& self, auto&& key) {
    key("covariance", self.covariance,
        Spec{.help = "estimate of the covariance of log returns and curve changes: shrunk (Ledoit & Wolf 2004) or the "
                     "sample's own"});
  }
};

}  // namespace ballast
