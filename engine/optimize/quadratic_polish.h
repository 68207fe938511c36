#pragma once

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

/// The minimum of cost'x + x'Hx / 2 over the polytope from an almost optimal x: the primal active-set method (Nocedal &
/// Wright 2006, section 16.5), which ends on the optimal face where an interior point stops some digits short of it.
/// hessian: H, of the first variables (the weights), positive semidefinite. row_dual: where known, what the rows cost
/// at x in units in which 1 is much; which of them hold there. Where the steps run out it returns the x it has come to.
Eigen::VectorXd polish_quadratic(const Eigen::MatrixXd& hessian, const Eigen::VectorXd& cost, const Polytope& polytope,
                                 Eigen::VectorXd x, const Eigen::VectorXd& row_dual = {});

}  // namespace ballast
