#include "scenarios/models/gaussian_factors.h"

#include <cmath>

namespace ballast {
namespace {

/// (1 - exp(-k t)) / k.
double decayed_time(double k, double t) { return -std::expm1(-k * t) / k; }

}  // namespace

double GaussianFactors::loading(std::size_t i, double tau) const { return decayed_time(a[i], tau); }

double GaussianFactors::integral_variance(double tau) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t j = 0; j < size(); ++j) {
      double integral = tau - loading(i, tau) - loading(j, tau) + decayed_time(a[i] + a[j], tau);
      sum += correlation(i, j) * sigma[i] * sigma[j] / (a[i] * a[j]) * integral;
    }
  }
  return sum;
}

double GaussianFactors::log_discount(const std::vector<double>& x, double tau) const {
  double sum = level * tau - integral_variance(tau) / 2;
  for (std::size_t i = 0; i < size(); ++i) sum += loading(i, tau) * x[i];
  return -sum;
}

double GaussianFactors::decay(std::size_t i, double dt) const { return std::exp(-a[i] * dt); }

Eigen::MatrixXd GaussianFactors::step_covariance(double dt) const {
  auto n = Eigen::Index(size());
  Eigen::MatrixXd covariance(n, n);
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t j = 0; j < size(); ++j) {
      covariance(Eigen::Index(i), Eigen::Index(j)) =
          correlation(i, j) * sigma[i] * sigma[j] * decayed_time(a[i] + a[j], dt);
    }
  }
  return covariance;
}

Eigen::VectorXd GaussianFactors::real_world_drift(double dt) const {
  Eigen::VectorXd drift = Eigen::VectorXd::Zero(Eigen::Index(size()));
  for (std::size_t i = 0; i < size(); ++i) drift[Eigen::Index(i)] = lambda[i] * sigma[i] * loading(i, dt);
  return drift;
}

Eigen::VectorXd GaussianFactors::risk_neutral_drift(double dt) const {
  Eigen::VectorXd drift = Eigen::VectorXd::Zero(Eigen::Index(size()));
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t j = 0; j < size(); ++j) {
      drift[Eigen::Index(i)] -=
          correlation(i, j) * sigma[i] * sigma[j] / a[j] * (loading(i, dt) - decayed_time(a[i] + a[j], dt));
    }
  }
  return drift;
}

}  // namespace ballast
