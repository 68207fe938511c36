#include "scenarios/stats/principal_components.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <Eigen/Eigenvalues>

#include "scenarios/stats/moments.h"

namespace ballast {

PrincipalComponents principal_components(const Eigen::MatrixXd& x) {
  if (x.rows() < 2 || !x.allFinite()) {
    throw std::invalid_argument("principal components need at least two observations, all of them finite");
  }
  const Eigen::Index n = x.cols();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance(x));
  PrincipalComponents result;
  result.mean = column_means(x);
  result.loadings.resize(n, n);
  result.variance.resize(n);
  double total = 0.0;
  for (Eigen::Index k = 0; k < n; ++k) {
    const Eigen::Index source = n - 1 - k;  // Eigen sorts ascending
    result.variance(k) = std::max(0.0, solver.eigenvalues()(source));
    total += result.variance(k);
    const Eigen::VectorXd vector = solver.eigenvectors().col(source);
    const double largest = vector.cwiseAbs().maxCoeff();
    Eigen::Index lead = 0;
    while (std::fabs(vector(lead)) < largest * (1.0 - 1e-9)) ++lead;
    result.loadings.col(k) = vector(lead) < 0.0 ? Eigen::VectorXd(-vector) : vector;
  }
  result.share = total > 0.0 ? Eigen::VectorXd(result.variance / total) : Eigen::VectorXd::Zero(n);
  return result;
}

Eigen::MatrixXd PrincipalComponents::scores(const Eigen::MatrixXd& x, Eigen::Index components) const {
  if (x.cols() != mean.size() || components > loadings.cols()) {
    throw std::invalid_argument("scores of other variables than those the components were made of");
  }
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(x.rows(), components);
  for (Eigen::Index k = 0; k < components; ++k) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      for (Eigen::Index i = 0; i < x.rows(); ++i) result(i, k) += (x(i, j) - mean(j)) * loadings(j, k);
    }
  }
  return result;
}

}  // namespace ballast
