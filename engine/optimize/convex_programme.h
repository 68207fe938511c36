#pragma once

#include <string>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/hinge_program.h"
#include "engine/optimize/polytope.h"
#include "engine/optimize/problem.h"

namespace ballast {

/// One CVaR of a ConvexProgramme: CVaR of the set's loss, plus linear'x.
struct TailTerm {
  std::string name;  ///< of the limit, for messages
  const ScenarioSet* set = nullptr;
  double confidence = 0.95;
  Eigen::VectorXd linear;   ///< one a variable: what every scenario loses alike, such as trading costs
  double limit = kNoLimit;  ///< kNoLimit: in the objective, times `weight`
  double weight = 1.0;

  bool in_objective() const { return limit == kNoLimit; }
};

/// x'Gx/2 + slope'x + constant <= 0 with the name of the study key it comes from.
struct NamedQuadratic {
  std::string name;
  QuadraticLimit limit;
  double size = 1.0;  ///< what it is measured in: half the square of the largest tracking error
};

/// What every convex objective becomes:
///     minimise  cost'x + w'Hw/2 + constant + sum of weight (CVaR(w) + linear'x)
///     over the polytope,  CVaR(w) + linear'x <= limit,  quadratics <= 0
/// x: the weights w, then auxiliary variables. With `epigraph`, that variable stands for a largest value: it has a
/// negative coefficient in some limits, which then never exclude weights, only raise it.
struct ConvexProgramme {
  Polytope polytope;
  Eigen::VectorXd cost;     ///< one a variable
  Eigen::MatrixXd hessian;  ///< of the weights; empty: none
  double constant = 0.0;
  std::vector<TailTerm> tails;
  std::vector<NamedQuadratic> quadratics;
  long epigraph = -1;
  double unit = 1.0;            ///< mean absolute growth: the unit of losses
  double objective_unit = 1.0;  ///< the size of the objective's numbers
  double value_floor = 1e-300;  ///< relative gaps are over at least this...
  bool in_losses = true;        ///< ...and, where the objective is in units of losses, over 0.1 mean |loss|

  bool curved() const { return hessian.size() > 0 || !quadratics.empty(); }
  /// Whether weights may be excluded by what is not linear.
  bool limited() const;
  bool raises_epigraph(const TailTerm& tail) const { return epigraph >= 0 && tail.linear[epigraph] != 0.0; }
  bool raises_epigraph(const NamedQuadratic& q) const { return epigraph >= 0 && q.limit.slope[epigraph] != 0.0; }
};

/// Adds the variable of a largest value, in units of the objective: within +-1e4, no cost. Every vector over variables
/// grows by a zero.
void add_epigraph(ConvexProgramme& programme);

struct ProgrammeStart {
  Eigen::VectorXd x;             ///< any point of the polytope; empty: a central one
  Eigen::VectorXd reduced_cost;  ///< from an earlier certificate; empty: unknown
  Eigen::VectorXd multiplier;    ///< of each tail; empty: unknown
};

/// The multipliers that prove the bound, and what they say.
struct ProgrammeDuals {
  Eigen::VectorXd row;           ///< of each row: change of the optimum a unit of its limit
  Eigen::VectorXd reduced_cost;  ///< of each variable
  Eigen::VectorXd tail;          ///< of each tail: its weight, or the multiplier of its limit
  Eigen::VectorXd quadratic;     ///< of each quadratic limit
  SupportingPlane limits;        ///< at most 0 on all allowed x: what exceeds the limits, times their multipliers
};

struct ProgrammeOutcome {
  Eigen::VectorXd x;  ///< the best allowed point found; empty: none
  double value = kNoLimit;
  double lower_bound = -kNoLimit;
  double relative_gap = kNoLimit;
  bool optimal = false;
  int iterations = 0;  ///< of the interior point
  ProgrammeDuals duals;

  ProgrammeStart as_start() const { return {x, duals.reduced_cost, duals.tail}; }
};

}  // namespace ballast
