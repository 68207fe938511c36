#pragma once

#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/hinge_program.h"

namespace ballast {

/// The iterate of the interior point for a HingeProgram (internal to hinge_*.cpp).
///
/// Primal: x; shortfall u_s = max(0, offset - features'x) at the solution and t_s = u_s - (offset - features'x) >= 0;
/// the activity r_i of each inequality row. Dual: q_s on t_s >= 0, z_s = mass_s - q_s on u_s >= 0; one multiplier for
/// each finite limit of the *boxed* quantities, which are the variables and then the inequality rows' activities; y for
/// the equality rows.
class HingeState {
 public:
  HingeState(const HingeProgram& programme, const Eigen::VectorXd& x, const HingeOptions& options);

  const HingeProgram& programme;
  long hinges, variables, featured, boxed;
  SparseRows equality, inequality;
  Eigen::VectorXd equality_value;
  std::vector<long> equality_index, inequality_index;  ///< rows of the programme
  Eigen::ArrayXd box_lower, box_upper, has_lower, has_upper;

  Eigen::VectorXd x, y;
  Eigen::ArrayXd fit;                                         ///< features x
  Eigen::ArrayXd t, u, q, z;                                  ///< one a hinge
  Eigen::ArrayXd activity;                                    ///< one an inequality row
  Eigen::ArrayXd to_lower, to_upper, dual_lower, dual_upper;  ///< one a boxed quantity; 1 and 0 where there is no limit

  void measure_boxes();  ///< to_lower, to_upper from x and activity
  /// features'values, in fixed slices.
  Eigen::VectorXd features_transposed(const Eigen::VectorXd& values) const;
  Eigen::ArrayXd features_times(const Eigen::VectorXd& values) const;
  Eigen::VectorXd row_duals() const;  ///< one a row of the programme
  double complementarity() const;
  double pairs() const;  ///< number of complementary pairs

 private:
  void centre_hinges(double mu);
  double central_sum(const Eigen::ArrayXd& distance, double level, double mu) const;
  void choose_level(double mu);
  Eigen::VectorXd fit_row_duals(const Eigen::VectorXd& reduced_cost, double push);
  double leave_bounds(const Eigen::VectorXd& reduced_cost, double mu, double push);
  void start_box_duals(const Eigen::VectorXd& reduced_cost, const Eigen::VectorXd& row_dual, double mu, double push);
};

}  // namespace ballast
