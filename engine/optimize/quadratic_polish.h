#pragma once

#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

/// Where a variable or a row stands: between its limits, or held at one.
enum class Held : signed char { no, lower, upper, equal };

/// What holds at an almost optimal x: as its multipliers say, in units in which 1 is much, or as known.
struct QuadraticGuess {
  Eigen::VectorXd row_dual{};             ///< positive where a row's lower limit binds; empty: unknown
  Eigen::VectorXd reduced_cost{};         ///< of each variable; empty: unknown
  std::vector<Held> variables{}, rows{};  ///< empty: by the multipliers
};

struct QuadraticOptimum {
  Eigen::VectorXd x, row_dual;
  std::vector<Held> variables, rows;
  int steps = 0;
  bool optimal = false;     ///< with these multipliers
  bool stationary = false;  ///< it is, or x moves no more though its multipliers, one choice of many, do not show why
};

/// The minimum of cost'x + x'Hx / 2 over the polytope from an almost optimal x: the primal active-set method (Nocedal &
/// Wright 2006, section 16.5), which ends on the optimal face where an interior point stops some digits short of it.
/// hessian: H, of the first variables (the weights), positive semidefinite.
QuadraticOptimum polish_quadratic(const Eigen::MatrixXd& hessian, const Eigen::VectorXd& cost, const Polytope& polytope,
                                  Eigen::VectorXd x, const QuadraticGuess& guess = {});

}  // namespace ballast
