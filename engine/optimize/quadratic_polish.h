#pragma once

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

/// Newton's step from x of a quadratic objective, its gradient at x given, with the bounds and rows that x touches kept
/// as equalities; cut short where it would leave a bound. The interior point stops some digits short of a vertex of the
/// active set; this finds the last ones. hessian: of the weights.
Eigen::VectorXd newton_step(const Eigen::MatrixXd& hessian, const Polytope& polytope, const Eigen::VectorXd& x,
                            const Eigen::VectorXd& gradient);

}  // namespace ballast
