#include "scenarios/stats/correlation_matrix.h"

#include <cmath>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr double kSmallestEigenvalue = 1e-10;

Eigen::MatrixXd raise_eigenvalues(const Eigen::MatrixXd& a, double smallest) {
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(a);
  Eigen::VectorXd values = eigen.eigenvalues().cwiseMax(smallest);
  return eigen.eigenvectors() * values.asDiagonal() * eigen.eigenvectors().transpose();
}

Eigen::MatrixXd unit_diagonal(const Eigen::MatrixXd& a) {
  Eigen::VectorXd scale = a.diagonal().cwiseSqrt().cwiseInverse();
  Eigen::MatrixXd scaled = scale.asDiagonal() * a * scale.asDiagonal();
  scaled = ((scaled + scaled.transpose()) / 2).eval();
  scaled.diagonal().setOnes();
  return scaled;
}

}  // namespace

NearestCorrelation nearest_correlation(const Eigen::MatrixXd& symmetric, double smallest) {
  Eigen::MatrixXd y = symmetric, correction = Eigen::MatrixXd::Zero(y.rows(), y.cols());
  for (int iteration = 0; iteration < 1000; ++iteration) {
    Eigen::MatrixXd r = y - correction;
    Eigen::MatrixXd x = raise_eigenvalues(r, 0.0);
    correction = x - r;
    Eigen::MatrixXd next = x;
    next.diagonal().setOnes();
    double moved = (next - y).norm();
    y = next;
    if (moved <= 1e-12 * double(y.rows())) break;
  }
  NearestCorrelation nearest;
  // Twice the wanted eigenvalue: putting the diagonal back takes a little of it.
  nearest.matrix = unit_diagonal(raise_eigenvalues(y, 2 * smallest));
  nearest.largest_change = (nearest.matrix - symmetric).cwiseAbs().maxCoeff();
  nearest.distance = (nearest.matrix - symmetric).norm();
  return nearest;
}

NearestCorrelation checked_correlation(const Eigen::MatrixXd& given, const std::vector<std::string>& names, bool repair,
                                       const std::string& key_path) {
  const Eigen::Index n = given.rows();
  if (given.cols() != n) throw key_error(key_path, fmt::format("is {} x {}, not square", n, given.cols()));
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      const std::string &a = names[std::size_t(i)], &b = names[std::size_t(j)];
      double c = given(i, j);
      if (!std::isfinite(c) || std::abs(c) > 1) {
        throw key_error(key_path,
                        fmt::format("the correlation of {} and {} is {} (it must be within -1 and 1)", a, b, c));
      }
      if (c != given(j, i)) {
        throw key_error(
            key_path, fmt::format("{} with {} is {}, but {} with {} is {} (a correlation matrix is symmetric)", a, b, c,
                                  b, a, given(j, i)));
      }
      if (i == j && c != 1) {
        throw key_error(key_path, fmt::format("the correlation of {} with itself is {} (it must be 1)", a, c));
      }
    }
  }
  NearestCorrelation result{given, 0.0, 0.0};
  double smallest = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(given, Eigen::EigenvaluesOnly).eigenvalues()[0];
  if (smallest > kSmallestEigenvalue) return result;
  result = nearest_correlation(given);
  if (repair) return result;
  Eigen::Index row = 0, column = 0;
  double change = (result.matrix - given).cwiseAbs().maxCoeff(&row, &column);
  std::string pair =
      change > 1e-6 ? fmt::format("; the nearest one changes {} with {} from {:.4f} to {:.4f}", names[std::size_t(row)],
                                  names[std::size_t(column)], given(row, column), result.matrix(row, column))
                    : "";
  throw key_error(key_path,
                  fmt::format("the correlations are {} (no set of returns can have them: the smallest "
                              "eigenvalue is {:.3g}{}); correct them, or say repair: true",
                              smallest < -kSmallestEigenvalue ? "not positive definite" : "singular", smallest, pair));
}

std::vector<double> lower_factor(const Eigen::MatrixXd& a) {
  Eigen::Index n = a.rows();
  std::vector<double> l(std::size_t(n * n), 0.0);
  auto at = [&](Eigen::Index i, Eigen::Index j) -> double& { return l[std::size_t(i * n + j)]; };
  for (Eigen::Index j = 0; j < n; ++j) {
    double pivot = a(j, j);
    for (Eigen::Index k = 0; k < j; ++k) pivot -= at(j, k) * at(j, k);
    if (pivot <= 1e-13 * a(j, j)) continue;
    at(j, j) = std::sqrt(pivot);
    for (Eigen::Index i = j + 1; i < n; ++i) {
      double sum = a(i, j);
      for (Eigen::Index k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
      at(i, j) = sum / at(j, j);
    }
  }
  return l;
}

}  // namespace ballast
