#include "engine/optimize/quadratic_polish.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/optimize/held_equations.h"

namespace ballast {
namespace {

using Eigen::VectorXd;

constexpr double kTouching = 1e-7;   ///< what is nearer to a bound or a row than this rests on it at first
constexpr int kMostSteps = 600;      ///< each solves a dense system
constexpr double kStill = 1e-12;     ///< moves that are none
constexpr double kRounding = 1e-14;  ///< of values near 1
constexpr int kMostStill = 20;       ///< of them in turn

/// dual: what the limits cost, above 0 for the lower; NaN: unknown. On the way to a limit distance x dual is alike for
/// all, so what is far nearer to its limit than its dual to 0 will rest there.
Held held_at(double value, double lower, double upper, double dual) {
  if (lower == upper) return Held::equal;
  const double to_lower = value - lower, to_upper = upper - value;
  if (std::isnan(dual)) {
    if (to_lower < kTouching && to_lower <= to_upper) return Held::lower;
    return to_upper < kTouching ? Held::upper : Held::no;
  }
  const double near = std::min(1e-3, 0.1 * std::abs(dual));
  if ((dual > 0.0 && to_lower < near) || to_lower < -kRounding) return Held::lower;
  return (dual < 0.0 && to_upper < near) || to_upper < -kRounding ? Held::upper : Held::no;
}

/// How far, in steps of `change`, `value` may go before it meets a bound; changes of less than `rounding` are none.
double room(double value, double change, double lower, double upper, double rounding) {
  if (std::abs(change) <= rounding) return kNoLimit;
  if (change < 0.0) return std::max(0.0, (lower - value) / change);
  return change > 0.0 ? std::max(0.0, (upper - value) / change) : kNoLimit;
}

class ActiveSet {
 public:
  ActiveSet(const Eigen::MatrixXd& hessian, const VectorXd& cost, const Polytope& polytope, VectorXd x,
            const QuadraticGuess& guess)
      : hessian_(hessian), cost_(cost), polytope_(polytope), x_(std::move(x)) {
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    variable_ = guess.variables;
    row_ = guess.rows;
    const bool known = !variable_.empty();
    const VectorXd value = polytope.rows * x_;
    for (long j = 0; j < x_.size(); ++j) {
      const double dual = guess.reduced_cost.size() > 0 ? guess.reduced_cost[j] : kUnknown;
      if (!known) variable_.push_back(held_at(x_[j], polytope.lower[j], polytope.upper[j], dual));
      rest(j);
    }
    for (long i = 0; i < value.size() && !known; ++i) {
      const double dual = guess.row_dual.size() > 0 ? guess.row_dual[i] : kUnknown;
      row_.push_back(held_at(value[i], polytope.row_lower[i], polytope.row_upper[i], dual));
    }
  }

  QuadraticOptimum minimum() {
    QuadraticOptimum found;
    VectorXd last;
    int still = 0;
    while (found.steps < kMostSteps) {
      if (!solve()) break;
      ++found.steps;
      if (!advance()) continue;
      found.stationary = true;
      if (!release()) {
        found.optimal = true;
        break;
      }
      // More holds than determines x: its multipliers are many, and what is let go of comes back.
      still = last.size() > 0 && (x_ - last).cwiseAbs().maxCoeff() < kStill ? still + 1 : 0;
      if (still >= kMostStill) break;
      last = x_;
      found.stationary = false;
    }
    // Bounds and rows that cannot all hold together were taken for held: x is between them, outside of some.
    found.stationary = found.stationary && violation(polytope_, x_) < 1e-9;
    found.x = x_;
    found.row_dual = -row_dual_;
    found.variables = variable_;
    found.rows = row_;
    return found;
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
    HeldEquations held;
    for (std::size_t j = 0; j < variable_.size(); ++j) {
      if (variable_[j] == Held::no) held.free.push_back(long(j));
    }
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (row_[i] != Held::no) held.rows.push_back(long(i));
    }
    const VectorXd slope = gradient(), value = polytope_.rows * x_;
    held.slope = slope(held.free);
    held.missing.resize(long(held.rows.size()));
    for (long a = 0; a < held.missing.size(); ++a) {
      const long i = held.rows[std::size_t(a)];
      held.missing[a] =
          (row_[std::size_t(i)] == Held::upper ? polytope_.row_upper[i] : polytope_.row_lower[i]) - value[i];
    }
    const double size = std::max({hessian_.diagonal().maxCoeff(), 1e-3 * cost_.cwiseAbs().maxCoeff(), 1e-300});
    if (!held.solve(hessian_, polytope_.rows, size)) return false;
    step_ = VectorXd::Zero(x_.size());
    step_(held.free) = held.step;
    row_dual_ = VectorXd::Zero(long(row_.size()));
    row_dual_(held.rows) = held.dual;
    return true;
  }

  /// As far along the step as nothing forbids, which is then held; true: all of it.
  bool advance() {
    double length = 1.0;
    long variable = -1, row = -1;
    const VectorXd value = polytope_.rows * x_, change = polytope_.rows * step_;
    // What hangs on other bounds and rows that are held does not move; were its rounding taken for a move, it would
    // be held again as soon as it is let go of.
    const double rounding = std::max(kRounding, 1e-10 * step_.cwiseAbs().maxCoeff());
    for (long j = 0; j < x_.size(); ++j) {
      if (variable_[std::size_t(j)] != Held::no) continue;
      const double most = room(x_[j], step_[j], polytope_.lower[j], polytope_.upper[j], rounding);
      if (most < length) length = most, variable = j;
    }
    for (long i = 0; i < value.size(); ++i) {
      if (row_[std::size_t(i)] != Held::no) continue;
      const double most = room(value[i], change[i], polytope_.row_lower[i], polytope_.row_upper[i], rounding);
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

QuadraticOptimum polish_quadratic(const Eigen::MatrixXd& hessian, const VectorXd& cost, const Polytope& polytope,
                                  VectorXd x, const QuadraticGuess& guess) {
  return ActiveSet(hessian, cost, polytope, std::move(x), guess).minimum();
}

}  // namespace ballast
