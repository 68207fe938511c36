#pragma once

#include <span>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/hinge_program.h"
#include "engine/optimize/slices.h"

namespace ballast {

/// The numbers of a HingeState.
///
/// Primal: x; shortfall u_s = max(0, offset - features'x) at the solution and t_s = u_s - (offset - features'x) >= 0;
/// the activity r_i of each inequality row; the slack of each limit (limited blocks, then quadratics). Dual: q_s on
/// t_s >= 0, z_s = multiplier mass_s - q_s on u_s >= 0; one multiplier for each finite limit of the *boxed* quantities,
/// which are the variables and then the inequality rows' activities; y for the equality rows; one multiplier a block
/// (those in the objective do not move) and a quadratic.
struct HingeIterate {
  long hinges, variables, boxed, blocks;
  SparseRows equality, inequality;
  Eigen::VectorXd equality_value;
  std::vector<long> equality_index, inequality_index;  ///< rows of the programme
  std::vector<long> limited;                           ///< blocks that are limits
  Eigen::ArrayXd box_lower, box_upper, has_lower, has_upper, barrier;

  Eigen::VectorXd x, y;
  Eigen::ArrayXd fit;                                         ///< features x
  Eigen::ArrayXd t, u, q, z;                                  ///< one a hinge
  Eigen::ArrayXd activity;                                    ///< one an inequality row
  Eigen::ArrayXd to_lower, to_upper, dual_lower, dual_upper;  ///< one a boxed quantity; 1 and 0 where there is no limit
  Eigen::ArrayXd block_multiplier;                            ///< one a block
  Eigen::ArrayXd slack, price;  ///< of each limit: limited blocks, then quadratics; price is its multiplier
};

/// The iterate of the interior point for a HingeProgram (internal to hinge_*.cpp).
class HingeState : public HingeIterate {
 public:
  HingeState(const HingeProgram& programme, const Eigen::VectorXd& x, const HingeOptions& options);
  /// The same iterate for a programme that has some of the hinges of `whole` (OpenHinges).
  HingeState(const HingeProgram& part, const HingeState& whole, std::span<const long> hinges_of_part);

  const HingeProgram& programme;

  void measure_boxes();  ///< to_lower, to_upper from x and activity
  void share_prices();   ///< block_multiplier from price
  /// features'values, one a variable, in fixed slices.
  Eigen::VectorXd features_transposed(const Eigen::VectorXd& values) const;
  Eigen::ArrayXd features_times(const Eigen::VectorXd& values) const;
  /// The same for some of a block's hinges, into their place there.
  void fit_of(const Eigen::VectorXd& values, long block, long first, long count, Eigen::ArrayXd& into) const;
  /// work(slice, first, count, block) on all hinges, each block's in fixed slices, in parallel where that pays.
  template <class Work>
  void for_hinges(Work&& work) const {
    constexpr std::size_t kFew = 2048;
    for (long b = 0; b < blocks; ++b) {
      const HingeBlock& block = programme.blocks[std::size_t(b)];
      Slices{std::size_t(block.end - block.begin), kFew}.for_each(
          [&](std::size_t slice, std::size_t begin, std::size_t end) {
            if (begin < end) work(slice, block.begin + long(begin), long(end - begin), b);
          });
    }
  }
  Eigen::VectorXd hessian_times(const Eigen::VectorXd& values) const;
  double limit_value(long limit) const;              ///< at x and u; at most 0 where it holds
  Eigen::VectorXd limit_gradient(long limit) const;  ///< of what does not depend on u
  Eigen::VectorXd gradient() const;                  ///< of the Lagrangian without boxes and rows, at the multipliers
  Eigen::VectorXd row_duals() const;                 ///< one a row of the programme
  double complementarity() const;
  double pairs() const;  ///< number of complementary pairs

 private:
  void centre_hinges(double mu);
  double central_sum(const HingeBlock& block, double multiplier, const Eigen::ArrayXd& distance, double level,
                     double mu) const;
  void choose_level(long block, double mu);
  Eigen::VectorXd fit_row_duals(const Eigen::VectorXd& reduced_cost, double push);
  double leave_bounds(const Eigen::VectorXd& reduced_cost, double mu, double push);
  void start_box_duals(const Eigen::VectorXd& reduced_cost, const Eigen::VectorXd& row_dual, double mu,
                       const HingeOptions& options);
  void start_limits(double mu);
};

}  // namespace ballast
