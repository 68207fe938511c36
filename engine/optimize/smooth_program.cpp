#include "engine/optimize/smooth_program.h"

#include <algorithm>
#include <cmath>

#include <nlopt.hpp>

namespace ballast {
namespace {

using Eigen::Map;
using Eigen::VectorXd;

/// Rows as NLopt wants them: matrix x - right <= 0, or = 0.
struct LinearRows {
  Eigen::MatrixXd matrix;
  VectorXd right;

  static void evaluate(unsigned count, double* result, unsigned n, const double* x, double* gradient, void* data) {
    const LinearRows& rows = *static_cast<const LinearRows*>(data);
    Map<VectorXd>(result, count) = rows.matrix * Map<const VectorXd>(x, n) - rows.right;
    if (gradient) {
      Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(gradient, count, n) = rows.matrix;
    }
  }
};

LinearRows select_rows(const Polytope& polytope, bool equality) {
  std::vector<std::pair<long, double>> chosen;  // row, sign
  for (long i = 0; i < polytope.rows.rows(); ++i) {
    const bool equal = polytope.row_lower[i] == polytope.row_upper[i];
    if (equal != equality) continue;
    if (equal || polytope.row_upper[i] < kNoLimit) chosen.emplace_back(i, 1.0);
    if (!equal && polytope.row_lower[i] > -kNoLimit) chosen.emplace_back(i, -1.0);
  }
  LinearRows rows;
  rows.matrix = Eigen::MatrixXd::Zero(long(chosen.size()), long(polytope.variables()));
  rows.right.resize(long(chosen.size()));
  for (long k = 0; k < long(chosen.size()); ++k) {
    const auto [i, sign] = chosen[std::size_t(k)];
    for (SparseRows::InnerIterator e(polytope.rows, i); e; ++e) rows.matrix(k, e.col()) = sign * e.value();
    rows.right[k] = sign * (sign > 0 ? polytope.row_upper[i] : polytope.row_lower[i]);
  }
  return rows;
}

struct Objective {
  const SmoothFunction& function;
  double unit;
  int evaluations = 0;
  VectorXd gradient;

  static double evaluate(unsigned n, const double* x, double* gradient, void* data) {
    Objective& self = *static_cast<Objective*>(data);
    ++self.evaluations;
    self.gradient.resize(n);
    const double value = self.function.evaluate(Map<const VectorXd>(x, n), self.gradient);
    if (gradient) Map<VectorXd>(gradient, n) = self.gradient / self.unit;
    return value / self.unit;
  }
};

/// Newton's step of a quadratic function with the bounds and rows that x touches kept as equalities; cut short where it
/// would leave the polytope.
VectorXd newton_step(const SmoothFunction& function, const Polytope& polytope, const VectorXd& x,
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
  for (long a = 0; a < n; ++a) {
    for (long b = 0; b < n; ++b) system(a, b) = function.hessian(free[std::size_t(a)], free[std::size_t(b)]);
    right[a] = -gradient[free[std::size_t(a)]];
  }
  const Eigen::MatrixXd dense = polytope.rows;
  for (long i = 0; i < m; ++i) {
    for (long a = 0; a < n; ++a) {
      system(n + i, a) = system(a, n + i) = dense(active[std::size_t(i)], free[std::size_t(a)]);
    }
  }
  const VectorXd solved = system.completeOrthogonalDecomposition().solve(right);
  VectorXd step = VectorXd::Zero(x.size());
  for (long a = 0; a < n; ++a) step[free[std::size_t(a)]] = solved[a];
  double longest = 1.0;
  for (long j = 0; j < x.size(); ++j) {
    if (step[j] < 0) longest = std::min(longest, (polytope.lower[j] - x[j]) / step[j]);
    if (step[j] > 0) longest = std::min(longest, (polytope.upper[j] - x[j]) / step[j]);
  }
  return longest * step;
}

}  // namespace

SmoothSolution minimise_smooth(const SmoothFunction& function, const Polytope& polytope, const VectorXd& start,
                               double gap, int max_evaluations) {
  const long n = start.size();
  LinearRows equal = select_rows(polytope, true), below = select_rows(polytope, false);
  LinearProgram programme(polytope.bounded);
  SmoothSolution best;
  VectorXd gradient(n);
  int evaluations = 0;
  auto consider = [&](const VectorXd& candidate) {
    const VectorXd x = snap_and_repair(polytope, candidate, 1e-9);
    if (!x.allFinite() || violation(polytope, x) > 1e-9) return;
    gradient.setZero();
    const double value = function.evaluate(x, gradient);
    ++evaluations;
    if (programme.minimise({gradient.data(), std::size_t(n)}) == LinearProgram::Status::optimal) {
      best.lower_bound = std::max(best.lower_bound, value + programme.value() - gradient.dot(x));
    }
    if (value < best.value) {
      best.value = value;
      best.x = x;
    }
  };
  auto certified = [&] { return best.value - best.lower_bound <= gap * std::abs(best.value); };

  VectorXd x = start;
  consider(x);
  for (int attempt = 0; attempt < 6 && !certified() && evaluations < max_evaluations; ++attempt) {
    const double before = best.value - best.lower_bound;
    Objective objective{function, std::max(std::abs(best.value), 1e-300), 0, {}};
    nlopt::opt solver(nlopt::LD_SLSQP, unsigned(n));
    solver.set_lower_bounds({polytope.lower.data(), polytope.lower.data() + n});
    solver.set_upper_bounds({polytope.upper.data(), polytope.upper.data() + n});
    solver.set_min_objective(Objective::evaluate, &objective);
    if (equal.right.size())
      solver.add_equality_mconstraint(LinearRows::evaluate, &equal,
                                      std::vector<double>(std::size_t(equal.right.size()), 1e-12));
    if (below.right.size())
      solver.add_inequality_mconstraint(LinearRows::evaluate, &below,
                                        std::vector<double>(std::size_t(below.right.size()), 1e-12));
    solver.set_ftol_rel(1e-15);
    solver.set_xtol_rel(1e-14);
    solver.set_maxeval(std::max(1, max_evaluations - evaluations));
    const VectorXd inside = x.cwiseMax(polytope.lower).cwiseMin(polytope.upper);
    std::vector<double> point(inside.data(), inside.data() + n);
    double value = 0.0;
    try {
      solver.optimize(point, value);
    } catch (const nlopt::roundoff_limited&) {  // the point is still the best one found
    } catch (const std::runtime_error&) {
    }
    evaluations += objective.evaluations;
    consider(Map<const VectorXd>(point.data(), n));
    for (int k = 0; k < 10 && function.hessian.size() > 0 && best.x.size() > 0 && !certified(); ++k) {
      const double value_before = best.value, bound_before = best.lower_bound;
      gradient.setZero();
      function.evaluate(best.x, gradient);
      consider(best.x + newton_step(function, polytope, best.x, VectorXd(gradient)));
      if (best.value >= value_before && best.lower_bound <= bound_before) break;
    }
    if (best.x.size() > 0) x = best.x;
    if (attempt > 0 && !(best.value - best.lower_bound < 0.9 * before)) break;
  }
  best.evaluations = evaluations;
  return best;
}

}  // namespace ballast
