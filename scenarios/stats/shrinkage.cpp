#include "scenarios/stats/shrinkage.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "scenarios/stats/moments.h"
#include "scenarios/stats/sum.h"

namespace ballast {

Shrinkage ledoit_wolf_identity(const Eigen::MatrixXd& x) {
  if (x.rows() < 2) throw std::invalid_argument("a covariance needs at least two observations");
  const double n = static_cast<double>(x.rows());
  const Eigen::VectorXd means = column_means(x);
  Shrinkage result;
  result.covariance = covariance(x);
  const Eigen::MatrixXd r = correlation(result.covariance);

  // Off the diagonal: |r - I|^2, and the mean over observations of |z z' - r|^2, which sums to that of |z|^4 less
  // sum of z_j^4 and |r|^2; z has unit variances with divisor n, as r = mean of z z' requires.
  CompensatedSum off_diagonal;
  Eigen::VectorXd scale(x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const double variance = result.covariance(j, j) * (n - 1.0) / n;
    scale(j) = variance > 0.0 ? 1.0 / std::sqrt(variance) : 0.0;
    for (Eigen::Index k = 0; k < j; ++k) off_diagonal.add(2.0 * r(j, k) * r(j, k));
  }
  CompensatedSum fourth;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    double length2 = 0.0, own = 0.0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const double z = (x(i, j) - means(j)) * scale(j);
      length2 += z * z;
      own += z * z * z * z;
    }
    fourth.add(length2 * length2 - own);
  }
  const double distance2 = off_diagonal.value();
  const double error2 = (fourth.value() / n - distance2) / n;
  result.intensity = distance2 > 0.0 ? std::clamp(error2 / distance2, 0.0, 1.0) : 1.0;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      if (j != k) result.covariance(j, k) *= 1.0 - result.intensity;
    }
  }
  return result;
}

}  // namespace ballast
