#pragma once

#include <Eigen/Dense>

#include "engine/optimize/problem.h"

namespace ballast {

struct RiskBudgetOutcome {
  Eigen::VectorXd weights;  ///< one an asset, adding to 1
  double risk = 0.0;        ///< standard deviation, or CVaR
  double residual = 0.0;    ///< largest |share of risk - budget|: the first-order condition
  int iterations = 0;
  bool local = false;  ///< not the one solution of a convex problem
};

/// Long-only weights whose shares of the variance are `budget` (above 0, adding to 1): the minimum of
/// y'Sy/2 - sum b log y, strictly convex, so its first-order residual proves it (Spinu 2013); w = y / sum y. By
/// Newton steps with a line search. Throws NoSolutionError when an asset has no risk to share.
RiskBudgetOutcome share_variance(const Eigen::MatrixXd& covariance, const Eigen::VectorXd& budget);

/// Weights in the feasible set whose shares of the variance come close to `budget` in least squares: not convex, a
/// local optimum by successive quadratic programmes (Feng & Palomar 2015).
RiskBudgetOutcome share_variance_within(const ScenarioSet& scenarios, const Eigen::MatrixXd& covariance,
                                        const Eigen::VectorXd& budget, const FeasibleSet& feasible);

/// Long-only weights whose shares of CVaR are `budget`: the minimum of CVaR(y) - sum b log y, convex, on windows of the
/// scenarios; shares by a point of CVaR's dual that attains it, which also enters the residual. Throws NoSolutionError
/// when some long-only weights have no positive CVaR: risk then cannot be shared.
RiskBudgetOutcome share_cvar(const ScenarioSet& scenarios, const Eigen::VectorXd& budget, double confidence);

}  // namespace ballast
