#pragma once

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The linear programme of a CVaR window, without writing its shortfalls as variables:
///     minimise  cost'x + sum_s mass_s max(0, offset_s - features_s'x)
///     over      lower <= x <= upper,  row_lower <= rows x <= row_upper
/// The first K variables have a column in `features`; the last of these is the level (VaR), free, its column all ones.
struct HingeProgram {
  RowMatrix features;  ///< m x K
  Eigen::VectorXd offset, mass;
  Eigen::VectorXd cost, lower, upper;  ///< N >= K
  SparseRows rows;
  Eigen::VectorXd row_lower, row_upper;

  long level() const { return features.cols() - 1; }
};

struct HingeOptions {
  double gap = 1e-8;     ///< stop when the complementarity falls below this
  double spread = 1e-2;  ///< typical distance of a hinge from its kink at the start, in units of the loss
  double push = 1e-2;    ///< how far the start is moved off the bounds
  int max_iterations = 80;
};

struct HingeSolution {
  Eigen::VectorXd x;
  Eigen::VectorXd multiplier;  ///< of each hinge: 0 <= q_s <= mass_s
  Eigen::VectorXd row_dual;    ///< positive where a row's lower limit binds
  double gap = kNoLimit;
  double residual = kNoLimit;
  int iterations = 0;
  bool converged = false;
};

/// Mehrotra's predictor-corrector interior point (Mehrotra 1992) with the shortfalls eliminated: dense normal equations
/// of the N variables, O(m K^2) an iteration. `x` is where to start; it need not be feasible, and its level is ignored.
/// Returns the best iterate, converged or not; an empty multiplier when not even the first could be computed.
HingeSolution solve(const HingeProgram& programme, const Eigen::VectorXd& x, const HingeOptions& options);

}  // namespace ballast
