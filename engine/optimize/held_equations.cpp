#include "engine/optimize/held_equations.h"

#include <cmath>

namespace ballast {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Gauss steps, each on the sparsest row of those where the variable weighs most.
void HeldEquations::eliminate(long curved) {
  constexpr double kWeighs = 0.3;  ///< of the largest coefficient: bounds the growth of numbers
  for (long column = 0; column < active_.cols(); ++column) {
    if (free[std::size_t(column)] < curved) continue;
    double most = 0.0;
    for (long i = 0; i < active_.rows(); ++i) {
      if (!row_gone_[std::size_t(i)]) most = std::max(most, std::abs(active_(i, column)));
    }
    if (most < 1e-3) continue;
    Pivot pivot{-1, column, {}};
    for (long i = 0; i < active_.rows(); ++i) {
      if (row_gone_[std::size_t(i)] || std::abs(active_(i, column)) < kWeighs * most) continue;
      if (pivot.row < 0 || entries_[std::size_t(i)] < entries_[std::size_t(pivot.row)]) pivot.row = i;
    }
    row_gone_[std::size_t(pivot.row)] = column_gone_[std::size_t(column)] = 1;
    for (long i = 0; i < active_.rows(); ++i) {
      if (row_gone_[std::size_t(i)] || active_(i, column) == 0.0) continue;
      const double times = active_(i, column) / active_(pivot.row, column);
      active_.row(i) -= times * active_.row(pivot.row);
      active_(i, column) = 0.0;
      missing[i] -= times * missing[pivot.row];
      entries_[std::size_t(i)] += entries_[std::size_t(pivot.row)];
      pivot.taken.emplace_back(i, times);
    }
    pivots_.push_back(std::move(pivot));
  }
}

bool HeldEquations::solve(const MatrixXd& hessian, const SparseRows& all_rows, double size) {
  const long columns = long(free.size()), count = long(rows.size());
  std::vector<long> slot(std::size_t(all_rows.cols()), -1);
  for (long a = 0; a < columns; ++a) slot[std::size_t(free[std::size_t(a)])] = a;
  active_ = RowMatrix::Zero(count, columns);
  entries_.assign(std::size_t(count), 0);
  for (long a = 0; a < count; ++a) {
    for (SparseRows::InnerIterator e(all_rows, rows[std::size_t(a)]); e; ++e) {
      if (slot[std::size_t(e.col())] < 0) continue;
      active_(a, slot[std::size_t(e.col())]) = e.value();
      ++entries_[std::size_t(a)];
    }
  }
  row_gone_.assign(std::size_t(count), 0);
  column_gone_.assign(std::size_t(columns), 0);
  pivots_.clear();
  eliminate(hessian.rows());

  // The pivots' duals follow from their columns, the first from the first.
  dual = VectorXd::Zero(count);
  VectorXd right = -slope;
  for (const Pivot& pivot : pivots_) {
    dual[pivot.row] = right[pivot.column] / active_(pivot.row, pivot.column);
    right -= dual[pivot.row] * active_.row(pivot.row).transpose();
  }
  std::vector<long> left, held;
  for (long a = 0; a < columns; ++a) {
    if (!column_gone_[std::size_t(a)]) left.push_back(a);
  }
  for (long a = 0; a < count; ++a) {
    if (!row_gone_[std::size_t(a)]) held.push_back(a);
  }
  const long n = long(left.size()), m = long(held.size());
  constexpr double kLittle = 1e-13;  ///< against singular systems, in numbers near 1
  MatrixXd system = MatrixXd::Zero(n + m, n + m);
  VectorXd sides(n + m);
  for (long a = 0; a < n; ++a) {
    const long j = free[std::size_t(left[std::size_t(a)])];
    sides[a] = right[left[std::size_t(a)]] / size;
    system(a, a) = kLittle;
    for (long b = 0; b < n && j < hessian.rows(); ++b) {
      const long k = free[std::size_t(left[std::size_t(b)])];
      if (k < hessian.rows()) system(a, b) += hessian(j, k) / size;
    }
  }
  for (long a = 0; a < m; ++a) {
    system(n + a, n + a) = -kLittle;
    sides[n + a] = missing[held[std::size_t(a)]];
  }
  system.block(n, 0, m, n) = active_(held, left);
  system.block(0, n, n, m) = system.block(n, 0, m, n).transpose();
  const Eigen::PartialPivLU<MatrixXd> factors(system);
  VectorXd solved = factors.solve(sides), little = VectorXd::Constant(n + m, kLittle);
  little.tail(m) *= -1.0;
  constexpr int kRefinements = 2;  // against rounding, and what kLittle takes off rows with large duals
  for (int k = 0; k < kRefinements; ++k) {
    solved += factors.solve(sides - system * solved + little.cwiseProduct(solved));
  }
  if (!solved.allFinite()) return false;

  step = VectorXd::Zero(columns);
  step(left) = solved.head(n);
  dual(held) = size * solved.tail(m);
  for (std::size_t p = pivots_.size(); p-- > 0;) {
    const Pivot& pivot = pivots_[p];
    step[pivot.column] = 0.0;
    step[pivot.column] = (missing[pivot.row] - active_.row(pivot.row).dot(step)) / active_(pivot.row, pivot.column);
    for (const auto& [row, times] : pivot.taken) dual[pivot.row] -= times * dual[row];
  }
  return true;
}

}  // namespace ballast
