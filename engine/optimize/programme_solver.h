#pragma once

#include <optional>

#include "engine/optimize/convex_programme.h"
#include "engine/optimize/window_solver.h"

namespace ballast {

struct ProgrammeOptions {
  double gap = 1e-6;              ///< relative gap at which the result counts as optimal
  bool exact = false;             ///< with multipliers to the last digits, not only to the gap
  int max_rounds = 25;            ///< of the windows, on each sample
  double stop_below = -kNoLimit;  ///< a value as low as this is enough
};

/// Solves a ConvexProgramme, repeatedly where only rows' limits change (a frontier), with a lower bound that proves it.
///
/// Window method: at the current weights the scenarios far beyond VaR are in the tail, those far below are not, and
/// only those between are left to a programme of the weights (aggregation as in Espinoza & Moreno 2014, decomposition
/// as in Kuenzi-Bay & Mayer 2006). Its solution gives better weights; its dual, a point of each CVaR's dual for all
/// scenarios, a lower bound of the whole problem. Solved on samples of growing size first.
///
/// Limits on CVaR and quadratics need a point that meets them, the anchor: the least largest excess over them, another
/// such programme. Throws NoSolutionError, with what is attainable, when there is none.
/// Deterministic: the same bits for any number of threads.
class ProgrammeSolver {
 public:
  explicit ProgrammeSolver(ConvexProgramme programme);

  const ConvexProgramme& programme() const { return programme_; }
  void set_row(long row, double lower, double upper);
  /// Another cost'x + w'Hw/2. What is allowed stays, and so does the point that meets the limits.
  void set_objective(const Eigen::VectorXd& cost, const Eigen::MatrixXd& hessian);

  /// From `start`, without samples, when it has an x.
  ProgrammeOutcome solve(const ProgrammeOptions& options, const ProgrammeStart& start = {});

 private:
  void find_anchor(const ProgrammeOptions& options, const ProgrammeStart& start);
  Eigen::VectorXd tail_values(const Eigen::VectorXd& x) const;
  bool clearly_meets_limits(const Eigen::VectorXd& x, const Eigen::VectorXd& cvar) const;
  std::vector<ScenarioSample> samples(double part) const;
  ProgrammeOutcome solve_linear();

  ConvexProgramme programme_;
  LinearProgram linear_;
  Anchor anchor_;
  bool anchored_ = false;  ///< anchor_ meets the limits of the set as it is
};

/// The limits of a programme that cannot hold together under its linear constraints: a smallest set, with what one
/// alone can attain. Empty when they can.
std::vector<std::string> conflicting_limits(const ConvexProgramme& programme, const ProgrammeOptions& options);

}  // namespace ballast
