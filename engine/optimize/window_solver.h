#pragma once

#include <string>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/hinge_program.h"
#include "engine/optimize/polytope.h"
#include "engine/optimize/tail_window.h"

namespace ballast {

/// Where the rounds on one sample begin, and what they hand to the next.
struct WindowStart {
  Eigen::VectorXd x;             ///< any point of the polytope
  Eigen::VectorXd reduced_cost;  ///< from an earlier certificate; empty: unknown
};

struct WindowOutcome {
  Eigen::VectorXd x;  ///< the best point found; empty: none
  Eigen::VectorXd reduced_cost;
  double value = kNoLimit;
  double lower_bound = -kNoLimit;
  double relative_gap = kNoLimit;
  bool optimal = false;
  int iterations = 0;  ///< of the interior point
};

/// Rounds of (losses at x: CVaR, window) and (window's linear programme: next x, lower bound) on one sample of the
/// scenarios, until the relative gap is reached or the rounds no longer help.
class WindowSolver {
 public:
  /// `unit`: mean absolute growth, the unit of the numbers.
  WindowSolver(const ScenarioSample& sample, const Polytope& polytope, LinearProgram& programme, double unit);

  /// `half_width`: the window's first half width, in units of the tail's mass.
  WindowOutcome run(const WindowStart& start, double gap, double half_width, int max_rounds);

 private:
  struct Round {
    double value, var, low, high, width;
  };
  Round look(const Eigen::VectorXd& x, double half_width);
  double relative_gap() const;
  void accept(const Eigen::VectorXd& x, const Round& round);
  std::vector<char> choose_columns(const Eigen::VectorXd& x) const;
  /// One window programme with its pricing: moves x, improves the lower bound.
  void improve(Eigen::VectorXd& x, const Round& round, double gap, bool first, double precision);
  HingeProgram window_programme(const Eigen::VectorXd& x, const std::vector<int>& columns, long weights) const;
  SupportingPlane plane_of(const Eigen::VectorXd& multiplier) const;
  bool price_columns(const Eigen::VectorXd& x, double tolerance, long weights, std::vector<char>& chosen) const;

  const ScenarioSample& sample_;
  const Polytope& polytope_;
  LinearProgram& programme_;
  double unit_;
  TailWindow window_;
  std::vector<double> losses_;
  std::vector<TailEntry> entries_;
  WindowOutcome best_;
  double best_var_ = 0.0;
  double denominator_ = 1.0;  ///< of the relative gap
  double mean_absolute_ = 0.0;
  double first_width_ = 0.0;
};

}  // namespace ballast
