#include "scenarios/stats/state_space.h"

#include <cmath>
#include <numbers>

#include <Eigen/LU>

namespace ballast {
namespace {

template <int N>
bool filter(const StateSpace& model, const Eigen::MatrixXd& y, std::span<double> log_density) {
  using Vector = Eigen::Matrix<double, N, 1>;
  using Square = Eigen::Matrix<double, N, N>;
  Eigen::Index periods = y.rows(), m = y.cols();
  double h2 = model.noise_sd * model.noise_sd;

  // y is told by its least-squares states, seen with covariance h^2 (B'B)^-1, and by what they leave.
  Square gram = model.loadings.transpose() * model.loadings;
  double determinant = gram.determinant();
  if (!(determinant > 0) || !(h2 > 0)) return false;
  Square seen_covariance = h2 * gram.inverse();
  Eigen::MatrixXd centred = y.rowwise() - model.offset.transpose();
  Eigen::MatrixXd seen = centred * model.loadings * gram.inverse();
  Eigen::VectorXd left = (centred - seen * model.loadings.transpose()).rowwise().squaredNorm();
  double every_date =
      N * std::log(2 * std::numbers::pi) + std::log(determinant) + double(m - N) * std::log(2 * std::numbers::pi * h2);

  Vector x = model.start_mean, intercept = model.intercept, phi = model.transition;
  Square p = model.start_covariance, q = model.covariance, slope = Square::Zero();
  if (model.covariance_slope.size() > 0) slope = model.covariance_slope;
  for (Eigen::Index t = 0; t < periods; ++t) {
    if (t > 0) {
      Square shock = q + std::max(x[0], 0.0) * slope;
      x = (intercept.array() + phi.array() * x.array()).matrix();
      p = Square(phi.asDiagonal() * p * phi.asDiagonal()) + shock;
    }
    Vector surprise = seen.row(t).transpose() - x;
    Square f = p + seen_covariance;
    double f_determinant = f.determinant();
    if (!(f_determinant > 0)) return false;
    Square gain = p * f.inverse();
    log_density[std::size_t(t)] =
        -(every_date + std::log(f_determinant) + surprise.dot(f.inverse() * surprise) + left[t] / h2) / 2;
    x += gain * surprise;
    p -= Square(gain * p);
  }
  return true;
}

}  // namespace

bool state_space_log_densities(const StateSpace& model, const Eigen::MatrixXd& y, std::span<double> log_density) {
  return model.loadings.cols() == 1 ? filter<1>(model, y, log_density) : filter<2>(model, y, log_density);
}

Eigen::MatrixXd cross_sectional_states(const Eigen::VectorXd& offset, const Eigen::MatrixXd& loadings,
                                       const Eigen::MatrixXd& y) {
  Eigen::MatrixXd gram = loadings.transpose() * loadings;
  return (y.rowwise() - offset.transpose()) * loadings * gram.inverse();
}

}  // namespace ballast
