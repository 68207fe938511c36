#pragma once

#include "scenarios/models/covariance_parameters.h"

namespace ballast {

struct NormalParameters {
  CovarianceParameters covariance;

  static void describe(auto& self, auto&& key) {
    key("covariance", self.covariance, Spec{.help = "how the covariance is estimated"});
  }
};

}  // namespace ballast
