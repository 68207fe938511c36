#include "engine/optimize/quadratic_polish.h"

#include <algorithm>
#include <vector>

namespace ballast {

using Eigen::VectorXd;

VectorXd newton_step(const Eigen::MatrixXd& hessian, const Polytope& polytope, const VectorXd& x,
                     const VectorXd& gradient) {
  constexpr double kTouching = 1e-7;
  std::vector<long> free, active;
  for (long j = 0; j < x.size(); ++j) {
    if (x[j] - polytope.lower[j] > kTouching && polytope.upper[j] - x[j] > kTouching) free.push_back(j);
  }
  const VectorXd value = polytope.rows * x;
  for (long i = 0; i < value.size(); ++i) {
    if (value[i] - polytope.row_lower[i] < kTouching || polytope.row_upper[i] - value[i] < kTouching)
      active.push_back(i);
  }
  const long n = long(free.size()), m = long(active.size());
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + m, n + m);
  VectorXd right = VectorXd::Zero(n + m);
  const double size = std::max(hessian.diagonal().maxCoeff(), 1e-300);
  std::vector<long> slot(std::size_t(x.size()), -1);
  for (long a = 0; a < n; ++a) {
    const long j = free[std::size_t(a)];
    slot[std::size_t(j)] = a;
    right[a] = -gradient[j];
    system(a, a) = 1e-13 * size;  // directions that nothing determines stay where they are
    for (long b = 0; b < n && j < hessian.rows(); ++b) {
      if (free[std::size_t(b)] < hessian.rows()) system(a, b) += hessian(j, free[std::size_t(b)]);
    }
  }
  for (long i = 0; i < m; ++i) {
    system(n + i, n + i) = -1e-13 / size;  // rows that say the same
    for (SparseRows::InnerIterator e(polytope.rows, active[std::size_t(i)]); e; ++e) {
      const long a = slot[std::size_t(e.col())];
      if (a >= 0) system(n + i, a) = system(a, n + i) = e.value();
    }
  }
  const VectorXd solved = system.partialPivLu().solve(right);
  VectorXd step = VectorXd::Zero(x.size());
  if (!solved.allFinite()) return step;
  for (long a = 0; a < n; ++a) step[free[std::size_t(a)]] = solved[a];
  double longest = 1.0;
  for (long j = 0; j < x.size(); ++j) {
    if (step[j] < 0) longest = std::min(longest, (polytope.lower[j] - x[j]) / step[j]);
    if (step[j] > 0) longest = std::min(longest, (polytope.upper[j] - x[j]) / step[j]);
  }
  return longest * step;
}

}  // namespace ballast
