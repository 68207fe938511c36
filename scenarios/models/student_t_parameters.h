#pragma once

#include <optional>

#include "scenarios/models/covariance_parameters.h"

namespace ballast {

struct StudentTParameters {
  CovarianceParameters covariance;
  std::optional<double> dof;

  static void describe(auto& self, auto&& key) {
    key("covariance", self.covariance, Spec{.help = "how the covariance is estimated"});
    key("dof", self.dof,
        Spec{.help = "degrees of freedom, common to all columns; auto: maximum likelihood",
             .min = 2.5,
             .max = 200,
             .empty = "auto"});
  }
};

}  // namespace ballast
