#pragma once

#include <Eigen/Dense>

#include "engine/optimize/polytope.h"

namespace ballast {

/// A plane under the risk, everywhere: risk(w) >= constant + slope'w for all weights w. For CVaR any q with 0 <= q_s <=
/// p_s/(1-b) and sum q = 1 gives constant = sum q l and slope = -sum q growth (Rockafellar, Uryasev & Zabarankin 2006,
/// the risk envelope).
struct SupportingPlane {
  double constant = 0.0;
  Eigen::VectorXd slope;  ///< one an asset, or one a variable
};

struct Certificate {
  double lower_bound = -kNoLimit;
  Eigen::VectorXd reduced_cost;  ///< of every variable
};

/// The least of the plane over the polytope, bounded from below by weak duality: whatever the row multipliers, with
/// r = slope - rows'y,  constant + sum_i y_i (y_i > 0 ? row_lower_i : row_upper_i) + sum_j r_j (r_j > 0 ? lower_j :
/// upper_j). Multipliers of the sign of a missing limit count as 0.
Certificate certify(const Polytope& polytope, const SupportingPlane& plane, const Eigen::VectorXd& row_dual);

/// The same with the best multipliers, found by a linear programme over the polytope.
Certificate certify_by_programme(const Polytope& polytope, const SupportingPlane& plane, LinearProgram& programme,
                                 Eigen::VectorXd& row_dual);

}  // namespace ballast
