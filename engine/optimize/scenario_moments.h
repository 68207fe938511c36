#pragma once

#include <Eigen/Dense>

#include "engine/optimize/problem.h"
#include "engine/optimize/tail_window.h"

namespace ballast {

/// Mean and covariance of the scenarios, by probability (no degrees-of-freedom correction: the scenarios are the
/// distribution).
struct ScenarioMoments {
  Eigen::VectorXd mean;                  ///< of each asset's growth
  Eigen::MatrixXd covariance;            ///< of the growths
  Eigen::VectorXd liability_covariance;  ///< of each growth with the liability
  double liability_mean = 0.0, liability_variance = 0.0;
};

/// Throws InputError, naming it, where a number of the scenarios is not finite.
ScenarioMoments scenario_moments(const ScenarioSet& set);

/// Of a sample's scenarios alone, on the root; elsewhere empty. The sample is small: ranks send theirs to the root.
/// What is not finite stays so.
ScenarioMoments scenario_moments(const ScenarioSample& sample);

}  // namespace ballast
