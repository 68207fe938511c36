#include "engine/optimize/nlopt_polytope.h"

namespace ballast {

using Eigen::Map;
using Eigen::VectorXd;

NloptPolytope::NloptPolytope(const Polytope& polytope)
    : polytope_(polytope), equal_(select(true)), below_(select(false)) {}

void NloptPolytope::constrain(nlopt::opt& solver) {
  const long n = long(polytope_.variables());
  auto tolerance = [](const Rows& rows) { return std::vector<double>(std::size_t(rows.right.size()), 1e-12); };
  solver.set_lower_bounds({polytope_.lower.data(), polytope_.lower.data() + n});
  solver.set_upper_bounds({polytope_.upper.data(), polytope_.upper.data() + n});
  if (equal_.right.size()) solver.add_equality_mconstraint(evaluate, &equal_, tolerance(equal_));
  if (below_.right.size()) solver.add_inequality_mconstraint(evaluate, &below_, tolerance(below_));
}

void NloptPolytope::evaluate(unsigned count, double* result, unsigned n, const double* x, double* gradient,
                             void* data) {
  const Rows& rows = *static_cast<const Rows*>(data);
  Map<VectorXd>(result, count) = rows.matrix * Map<const VectorXd>(x, n) - rows.right;
  if (gradient) {
    Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(gradient, count, n) = rows.matrix;
  }
}

NloptPolytope::Rows NloptPolytope::select(bool equality) const {
  std::vector<std::pair<long, double>> chosen;  // row, sign
  for (long i = 0; i < polytope_.rows.rows(); ++i) {
    const bool equal = polytope_.row_lower[i] == polytope_.row_upper[i];
    if (equal != equality) continue;
    if (equal || polytope_.row_upper[i] < kNoLimit) chosen.emplace_back(i, 1.0);
    if (!equal && polytope_.row_lower[i] > -kNoLimit) chosen.emplace_back(i, -1.0);
  }
  Rows rows;
  rows.matrix = Eigen::MatrixXd::Zero(long(chosen.size()), long(polytope_.variables()));
  rows.right.resize(long(chosen.size()));
  for (long k = 0; k < long(chosen.size()); ++k) {
    const auto [i, sign] = chosen[std::size_t(k)];
    for (SparseRows::InnerIterator e(polytope_.rows, i); e; ++e) rows.matrix(k, e.col()) = sign * e.value();
    rows.right[k] = sign * (sign > 0 ? polytope_.row_upper[i] : polytope_.row_lower[i]);
  }
  return rows;
}

}  // namespace ballast
