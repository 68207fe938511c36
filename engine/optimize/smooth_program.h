#pragma once

#include <functional>

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

/// A convex, differentiable function of a polytope's variables.
struct SmoothFunction {
  /// f(x); writes the gradient (one entry a variable).
  std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& gradient)> evaluate;
  /// Empty, or the constant second derivatives of a quadratic function: lets the last digits be found by Newton's
  /// method.
  Eigen::MatrixXd hessian;
};

struct SmoothSolution {
  Eigen::VectorXd x;
  double value = kNoLimit;
  double lower_bound = -kNoLimit;  ///< f(x) + min over the polytope of gradient'(y - x): no y goes below
  int evaluations = 0;
};

/// Minimises f over the polytope from `start` by NLopt's SLSQP (Kraft 1994), started afresh until the bound of one
/// linear programme is within `gap` of |f|, or no start helps any more.
SmoothSolution minimise_smooth(const SmoothFunction& function, const Polytope& polytope, const Eigen::VectorXd& start,
                               double gap, int max_evaluations);

}  // namespace ballast
