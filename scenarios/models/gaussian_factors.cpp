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

Eigen::MatrixXd GaussianFactors::covariance(const std::vector<double>& speeds, double t) const {
  auto n = Eigen::Index(size());
  Eigen::MatrixXd result(n, n);
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t j = 0; j < size(); ++j) {
      result(Eigen::Index(i), Eigen::Index(j)) =
          correlation(i, j) * sigma[i] * sigma[j] * decayed_time(speeds[i] + speeds[j], t);
    }
  }
  return result;
}

FactorTransition GaussianFactors::real_world(double dt) const {
  auto n = Eigen::Index(size());
  FactorTransition step{Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(n), covariance(kappa, dt)};
  for (std::size_t i = 0; i < size(); ++i) {
    step.decay[Eigen::Index(i)] = std::exp(-kappa[i] * dt);
    step.drift[Eigen::Index(i)] = lambda[i] * sigma[i] * decayed_time(kappa[i], dt);
  }
  return step;
}

FactorTransition GaussianFactors::risk_neutral(double dt) const {
  auto n = Eigen::Index(size());
  FactorTransition step{Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(n), covariance(a, dt)};
  for (std::size_t i = 0; i < size(); ++i) {
    step.decay[Eigen::Index(i)] = std::exp(-a[i] * dt);
    for (std::size_t j = 0; j < size(); ++j) {
      step.drift[Eigen::Index(i)] -=
          correlation(i, j) * sigma[i] * sigma[j] / a[j] * (loading(i, dt) - decayed_time(a[i] + a[j], dt));
    }
  }
  return step;
}

FactorTransition GaussianFactors::stationary() const { return real_world(1e6); }

}  // namespace ballast
