#include "engine/optimize/quadratic_polish.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ballast {
namespace {

using Eigen::VectorXd;

constexpr double kTouching = 1e-7;  ///< what is nearer to a bound or a row than this rests on it at first
constexpr int kMostSteps = 600;     ///< each solves a dense system

/// Where a variable or a row stands: between its bounds, or held at one.
enum class Held : signed char { no, lower, upper, equal };

/// dual: what the bounds cost, above 0 for the lower. On the way to a bound distance x dual is alike for all, so what
/// is far nearer to its bound than its dual to 0 will rest there.
Held held_at(double value, double lower, double upper, double dual = 0.0) {
  if (lower == upper) return Held::equal;
  const double near = std::max(kTouching, std::min(1e-3, 0.1 * std::abs(dual)));
  const double to_lower = value - lower, to_upper = upper - value;
  if (to_lower < (dual > 0.0 ? near : kTouching) && to_lower <= to_upper) return Held::lower;
  return to_upper < (dual < 0.0 ? near : kTouching) ? Held::upper : Held::no;
}

/// How far, in steps of `change`, `value` may go before it meets a bound.
double room(double value, double change, double lower, double upper) {
  if (change < 0.0) return std::max(0.0, (lower - value) / change);
  return change > 0.0 ? std::max(0.0, (upper - value) / change) : kNoLimit;
}

class ActiveSet {
 public:
  ActiveSet(const Eigen::MatrixXd& hessian, const VectorXd& cost, const Polytope& polytope, VectorXd x,
            const VectorXd& row_dual)
      : hessian_(hessian), cost_(cost), polytope_(polytope), x_(std::move(x)) {
    for (long j = 0; j < x_.size(); ++j) {
      variable_.push_back(held_at(x_[j], polytope.lower[j], polytope.upper[j]));
      rest(j);
    }
    const VectorXd value = polytope.rows * x_;
    for (long i = 0; i < value.size(); ++i) {
      const double dual = row_dual.size() > 0 ? row_dual[i] : 0.0;
      row_.push_back(held_at(value[i], polytope.row_lower[i], polytope.row_upper[i], dual));
    }
  }

  VectorXd minimum() {
    for (int k = 0; k < kMostSteps; ++k) {
      if (!solve()) break;
      if (advance() && !release()) break;
    }
    return x_;
  }

 private:
  void rest(long j) {
    const Held held = variable_[std::size_t(j)];
    if (held == Held::lower || held == Held::equal) x_[j] = polytope_.lower[j];
    if (held == Held::upper) x_[j] = polytope_.upper[j];
  }

  VectorXd gradient() const {
    const long n = hessian_.rows();
    VectorXd g = cost_;
    g.head(n) += hessian_ * x_.head(n);
    return g;
  }

  /// The step to the minimum with all that is held kept where it is, and the multipliers there.
  bool solve() {
    std::vector<long> free, active, slot(variable_.size(), -1);
    for (std::size_t j = 0; j < variable_.size(); ++j) {
      if (variable_[j] != Held::no) continue;
      slot[j] = long(free.size());
      free.push_back(long(j));
    }
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (row_[i] != Held::no) active.push_back(long(i));
    }
    const long n = long(free.size()), m = long(active.size());
    Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + m, n + m);
    VectorXd right(n + m);
    const VectorXd slope = gradient(), value = polytope_.rows * x_;
    const double size = std::max(hessian_.diagonal().maxCoeff(), 1e-300);
    for (long a = 0; a < n; ++a) {
      const long j = free[std::size_t(a)];
      right[a] = -slope[j];
      system(a, a) = 1e-13 * size;  // directions that nothing determines stay where they are
      for (long b = 0; b < n && j < hessian_.rows(); ++b) {
        if (free[std::size_t(b)] < hessian_.rows()) system(a, b) += hessian_(j, free[std::size_t(b)]);
      }
    }
    for (long a = 0; a < m; ++a) {
      const long i = active[std::size_t(a)];
      system(n + a, n + a) = -1e-13 / size;  // rows that say the same
      right[n + a] = (row_[std::size_t(i)] == Held::upper ? polytope_.row_upper[i] : polytope_.row_lower[i]) - value[i];
      for (SparseRows::InnerIterator e(polytope_.rows, i); e; ++e) {
        const long b = slot[std::size_t(e.col())];
        if (b >= 0) system(n + a, b) = system(b, n + a) = e.value();
      }
    }
    const VectorXd solved = system.partialPivLu().solve(right);
    if (!solved.allFinite()) return false;
    step_ = VectorXd::Zero(x_.size());
    for (long a = 0; a < n; ++a) step_[free[std::size_t(a)]] = solved[a];
    row_dual_ = VectorXd::Zero(long(row_.size()));
    for (long a = 0; a < m; ++a) row_dual_[active[std::size_t(a)]] = solved[n + a];
    return true;
  }

  /// As far along the step as nothing forbids, which is then held; true: all of it.
  bool advance() {
    double length = 1.0;
    long variable = -1, row = -1;
    const VectorXd value = polytope_.rows * x_, change = polytope_.rows * step_;
    for (long j = 0; j < x_.size(); ++j) {
      if (variable_[std::size_t(j)] != Held::no) continue;
      const double most = room(x_[j], step_[j], polytope_.lower[j], polytope_.upper[j]);
      if (most < length) length = most, variable = j;
    }
    for (long i = 0; i < value.size(); ++i) {
      if (row_[std::size_t(i)] != Held::no) continue;
      const double most = room(value[i], change[i], polytope_.row_lower[i], polytope_.row_upper[i]);
      if (most < length) length = most, row = i;
    }
    x_ += length * step_;
    if (row >= 0) {
      row_[std::size_t(row)] = change[row] < 0.0 ? Held::lower : Held::upper;
    } else if (variable >= 0) {
      variable_[std::size_t(variable)] = step_[variable] < 0.0 ? Held::lower : Held::upper;
      rest(variable);
    }
    return row < 0 && variable < 0;
  }

  /// Lets go of what the objective most wants to leave; false: nothing, x is the minimum.
  bool release() {
    VectorXd pull = gradient();
    const double unit = std::max(pull.cwiseAbs().maxCoeff(), 1e-300);
    pull += polytope_.rows.transpose() * row_dual_;
    double worst = 1e-12 * unit;
    Held* leaves = nullptr;
    auto consider = [&](Held& held, double wrong) {
      if (held == Held::upper) wrong = -wrong;
      if ((held == Held::lower || held == Held::upper) && wrong > worst) worst = wrong, leaves = &held;
    };
    for (long j = 0; j < pull.size(); ++j) consider(variable_[std::size_t(j)], -pull[j]);
    for (long i = 0; i < row_dual_.size(); ++i) consider(row_[std::size_t(i)], row_dual_[i]);
    if (!leaves) return false;
    *leaves = Held::no;
    return true;
  }

  const Eigen::MatrixXd& hessian_;
  const VectorXd& cost_;
  const Polytope& polytope_;
  VectorXd x_, step_, row_dual_;  ///< gradient + rows' row_dual is 0 where variables are free
  std::vector<Held> variable_, row_;
};

}  // namespace

VectorXd polish_quadratic(const Eigen::MatrixXd& hessian, const VectorXd& cost, const Polytope& polytope, VectorXd x,
                          const VectorXd& row_dual) {
  return ActiveSet(hessian, cost, polytope, std::move(x), row_dual).minimum();
}

}  // namespace ballast
