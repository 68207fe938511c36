#pragma once

#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One CVaR of a HingeProgram: slope'x + constant + sum over its hinges of mass_s max(0, offset_s - features_s'(w, v)),
/// v its own level (VaR). In the objective with a fixed multiplier, or, when `limited`, at most 0.
struct HingeBlock {
  long begin = 0, end = 0;  ///< its hinges
  Eigen::VectorXd slope;    ///< one a variable
  double constant = 0.0;
  bool limited = false;
  double multiplier = 1.0;  ///< limited: a guess of the constraint's multiplier, above 0
};

/// x'Gx/2 + slope'x + constant <= 0, G positive semidefinite over the first variables, the weights; scaled so that an
/// excess of 1 is large.
struct QuadraticLimit {
  Eigen::MatrixXd hessian;
  Eigen::VectorXd slope;  ///< one a variable
  double constant = 0.0;

  double value(const Eigen::VectorXd& x) const;
  Eigen::VectorXd gradient(const Eigen::VectorXd& x) const;
};

/// The convex programme of CVaR windows, without writing their shortfalls as variables:
///     minimise  cost'x + w'Hw/2 - sum_j barrier_j log(x_j - lower_j) + the blocks in the objective
///     over      lower <= x <= upper,  row_lower <= rows x <= row_upper,  limited blocks and quadratics <= 0
/// Variables: the K - 1 weights w, then one level a block (free), then the rest. A hinge's features are its K - 1
/// growths and a 1 for its block's level. Without blocks: a quadratic programme.
struct HingeProgram {
  RowMatrix features;  ///< m x K
  Eigen::VectorXd offset, mass;
  std::vector<HingeBlock> blocks;
  Eigen::VectorXd cost, lower, upper;  ///< N
  Eigen::MatrixXd hessian;             ///< of the weights; empty: none
  Eigen::VectorXd barrier;             ///< N, 0 where there is none; empty: none. Needs a lower bound.
  std::vector<QuadraticLimit> quadratics;
  SparseRows rows;
  Eigen::VectorXd row_lower, row_upper;

  long weights() const { return features.cols() - 1; }
  long level(long block) const { return weights() + block; }
  double objective(const Eigen::VectorXd& x) const;  ///< what exceeds limits does not count; nor do barriers
  /// So many hinges that they decide what an iteration costs, and how many it takes.
  bool many_hinges() const { return features.rows() > 1024 && features.rows() > 10 * (cost.size() + rows.rows()); }
  bool curved() const { return hessian.size() > 0 || !quadratics.empty() || barrier.size() > 0; }
};

struct HingeOptions {
  double gap = 1e-8;     ///< stop when the complementarity falls below this
  double spread = 1e-2;  ///< typical distance of a hinge from its kink at the start, in units of the loss
  double push = 1e-2;    ///< how far the start is moved off the bounds
  double residual =
      0.0;  ///< relative residual of the equations that counts as none; 0: by the gap, or 1e-9 when curved
  /// Bounds' multipliers start near the centre even where the dual equations want more of them, and those equations are
  /// left for the steps to meet. Among many hinges, whose products are small, one for a variable far from its bound
  /// would dwarf them all and let no multiplier take but short steps: half the iterations, from a start well inside;
  /// from close by they may never meet.
  bool centred = false;
  int max_iterations = 80;
};

struct HingeSolution {
  Eigen::VectorXd x;
  Eigen::VectorXd multiplier;            ///< of each hinge: 0 <= q_s <= the block's multiplier x mass_s
  Eigen::VectorXd block_multiplier;      ///< of each block; as given for those in the objective
  Eigen::VectorXd quadratic_multiplier;  ///< of each quadratic limit
  Eigen::VectorXd row_dual;              ///< positive where a row's lower limit binds
  double gap = kNoLimit;
  double residual = kNoLimit;
  int iterations = 0;
  bool converged = false;
};

/// Mehrotra's predictor-corrector interior point (Mehrotra 1992) with the shortfalls eliminated: dense normal equations
/// of the N variables, O(m K^2) an iteration. `x` is where to start; it need not be feasible, and its levels are
/// ignored. Returns the best iterate, converged or not; an empty x when not even the first could be computed.
HingeSolution solve(const HingeProgram& programme, const Eigen::VectorXd& x, const HingeOptions& options);

}  // namespace ballast
