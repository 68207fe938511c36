#pragma once

#include <vector>

#include <Eigen/Core>

namespace ballast {

/// Exact step of the factors: x_i' = decay_i x_i + drift_i + (L z)_i, L L' = covariance, z standard normal.
struct FactorTransition {
  Eigen::VectorXd decay, drift;
  Eigen::MatrixXd covariance;
};

/// Gaussian short rates with n = 1 (Vasicek 1977; Hull & White 1990) or 2 factors (G2++; Brigo & Mercurio 2006, section
/// 4.2). Under the risk-neutral measure
///     r = level + sum over i of x_i,    dx_i = -a_i x_i dt + sigma_i dW_i,    dW_1 dW_2 = rho dt;
/// under the real-world one dx_i = (sigma_i lambda_i - kappa_i x_i) dt + sigma_i dW_i: the market price of risk is
/// affine in the factor (essentially affine; Duffee 2002), lambda_i at x_i = 0, and constant where kappa_i = a_i.
struct GaussianFactors {
  double level = 0.0;
  std::vector<double> a;       ///< risk-neutral speeds, > 0, 1/years
  std::vector<double> sigma;   ///< absolute volatilities, per square root of a year
  std::vector<double> kappa;   ///< real-world speeds, > 0, 1/years
  std::vector<double> lambda;  ///< market prices of risk, per square root of a year
  double rho = 0.0;            ///< only for two factors

  std::size_t size() const { return a.size(); }
  double correlation(std::size_t i, std::size_t j) const { return i == j ? 1.0 : rho; }

  /// (1 - exp(-a_i tau)) / a_i: minus the sensitivity of the log bond price to x_i.
  double loading(std::size_t i, double tau) const;
  /// V(tau), the variance of the integral of r over tau (Brigo & Mercurio 4.10).
  double integral_variance(double tau) const;
  /// ln P(t, t + tau) = -level tau - sum loading_i x_i + V / 2.
  double log_discount(const std::vector<double>& x, double tau) const;

  FactorTransition real_world(double dt) const;
  /// Under the measure whose numeraire is the deposit of one step, rolled (the discrete bank account; Jamshidian 1997):
  /// the drift is minus the covariance of x_i with the integral of r over the step. With it the deposit's own return
  /// discounts exactly, without an error in dt.
  FactorTransition risk_neutral(double dt) const;
  /// As the real-world step for dt without end: mean and covariance of the stationary distribution (decay 0).
  FactorTransition stationary() const;

  /// Covariance over a time t of factors that revert at these speeds.
  Eigen::MatrixXd covariance(const std::vector<double>& speeds, double t) const;
};

}  // namespace ballast
