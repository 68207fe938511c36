#pragma once

#include <span>

#include <Eigen/Core>

namespace ballast {

/// A panel driven by n = 1 or 2 states:
///     y[t] = offset + loadings x[t] + noise,           noise ~ N(0, h^2 I)
///     x[t+1] = intercept + transition * x[t] + shock,  shock ~ N(0, covariance + x_1[t] covariance_slope),
/// transition one number a state. The slope is for square-root processes, whose likelihood is then a quasi-likelihood
/// (Duan & Simonato 1999).
struct StateSpace {
  Eigen::VectorXd offset;    ///< M
  Eigen::MatrixXd loadings;  ///< M x n
  double noise_sd = 0.0;     ///< h > 0
  Eigen::VectorXd intercept, transition;
  Eigen::MatrixXd covariance, covariance_slope;  ///< n x n; the slope may be empty
  Eigen::VectorXd start_mean;                    ///< of x[0], before y[0] is seen
  Eigen::MatrixXd start_covariance;
};

/// Log density of each row of y (T x M) given those before it, by the Kalman filter, the panel collapsed to n numbers a
/// date (Jungbacker & Koopman 2015): the cost is that of one matrix product, whatever M. False when a variance is not
/// positive.
bool state_space_log_densities(const StateSpace& model, const Eigen::MatrixXd& y, std::span<double> log_density);

/// T x n: the states that fit each date's y best by least squares, each date by itself.
Eigen::MatrixXd cross_sectional_states(const Eigen::VectorXd& offset, const Eigen::MatrixXd& loadings,
                                       const Eigen::MatrixXd& y);

}  // namespace ballast
