#pragma once

#include <Eigen/Dense>

#include "engine/optimize/hinge_state.h"

namespace ballast {

/// What the linear equations of the interior point miss at an iterate (internal to hinge_*.cpp).
struct HingeResiduals {
  explicit HingeResiduals(const HingeState& state);

  Eigen::VectorXd dual;        ///< of x
  Eigen::ArrayXd hinge;        ///< u + fit - offset - t
  double largest_hinge = 0.0;  ///< in absolute value
  Eigen::ArrayXd box;          ///< boxed quantities: 0 for variables, rows x - activity for inequality rows
  Eigen::VectorXd equality;    ///< value - rows x
  Eigen::ArrayXd limit;        ///< value + slack
};

/// Right-hand sides of the complementarity equations: what each product still has to lose.
struct ComplementarityTarget {
  Eigen::ArrayXd tq, uz, lower, upper, limit;
};

/// A change of everything in a HingeState.
struct HingeStep {
  Eigen::VectorXd x, y;
  Eigen::ArrayXd fit, t, u, q, z, box, dual_lower, dual_upper, slack, price;
  double primal = 1.0, dual = 1.0;  ///< the parts of it, at most 1, that keep every pair from going below zero
};

/// Newton's equations at an iterate, reduced to x and the multipliers of equality rows and limits,
///     [K B; B' -C],
/// K = F'DF + boxes + Hessians, B the negative equality rows and the limits' gradients at the hinges' response, C the
/// limits' own. Factored once an iteration.
class HingeNewton {
 public:
  explicit HingeNewton(const HingeState& state);
  bool factor();  ///< false: not positive definite in what numbers can tell
  HingeStep direction(const HingeResiduals& r, const ComplementarityTarget& target) const;

 private:
  void assemble();
  void border();
  void solve_reduced(const Eigen::VectorXd& right, const Eigen::VectorXd& below, Eigen::VectorXd& dx,
                     Eigen::VectorXd& multiplier) const;
  void move_hinges(HingeStep& d, const Eigen::ArrayXd& e, const ComplementarityTarget& target) const;

  const HingeState& s_;
  Eigen::ArrayXd tq_, uz_, weight_, box_weight_;  ///< t / q, u / z, 1 / (tq + uz)
  Eigen::MatrixXd normal_, border_, solved_border_;
  Eigen::VectorXd corner_;
  Eigen::LLT<Eigen::MatrixXd> llt_;
  Eigen::LDLT<Eigen::MatrixXd> ldlt_;
};

}  // namespace ballast
