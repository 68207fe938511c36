#pragma once

#include <Eigen/Dense>

#include "engine/optimize/problem.h"

namespace ballast {

struct SmoothOptions {
  double gap = 1e-6;  ///< relative gap at which the result counts as optimal
  /// For the Sharpe ratio: what riskless money grows by, in the unit of ScenarioSet::growth (R: the return; 1 + R: one
  /// more).
  double risk_free = 0.0;
  int max_evaluations = 2000;
};

/// Mean and covariance of the scenarios, by probability (no degrees-of-freedom correction: the scenarios are the
/// distribution).
struct ScenarioMoments {
  Eigen::VectorXd mean;                  ///< of each asset's growth
  Eigen::MatrixXd covariance;            ///< of the growths
  Eigen::VectorXd liability_covariance;  ///< of each growth with the liability
  double liability_variance = 0.0;
};
ScenarioMoments scenario_moments(const ScenarioSet& set);

/// The weights with the least variance of the loss (Markowitz 1952), liability included. Convex, so a linear programme
/// bounds it (smooth_program.h); relative_gap is over the variance itself. SLSQP's time grows with the cube of
/// variables and rows: 50 assets take 0.1 s, 200 some seconds, 200 with turnover (400 variables, 402 rows) most of a
/// minute.
OptimizationResult minimise_variance(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                     const SmoothOptions& options = {});

/// The weights with the greatest Sharpe ratio of the return over the horizon, not annualised. Solved in its convex,
/// homogeneous form (Cornuejols & Tutuncu 2007, section 8.2): least variance of y = k w with mean excess 1. `value` is
/// minus the ratio, so that lower is better, and lower_bound minus the greatest ratio there can be. Throws
/// NoSolutionError when no weights have a positive mean excess, InputError when the scenarios carry a liability (the
/// ratio is one of returns).
OptimizationResult maximise_sharpe(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                   const SmoothOptions& options = {});

}  // namespace ballast
