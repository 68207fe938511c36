#include <cmath>

#include <fmt/format.h>

#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/programme_solver.h"
#include "engine/optimize/risk_budget_solver.h"
#include "scenarios/base/error.h"

namespace ballast {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// Shares of the variance less the budget.
VectorXd share_excess(const MatrixXd& covariance, const VectorXd& weights, const VectorXd& budget) {
  const VectorXd pull = covariance * weights;
  return weights.cwiseProduct(pull) / weights.dot(pull) - budget;
}

/// y'Cy/2 - sum budget log y: least where the shares of C's variance are the budget (Spinu 2013).
double barrier(const MatrixXd& covariance, const VectorXd& budget, const VectorXd& y) {
  return 0.5 * y.dot(covariance * y) - budget.dot(y.array().log().matrix());
}

MatrixXd share_slopes(const MatrixXd& covariance, const VectorXd& weights) {
  const VectorXd pull = covariance * weights;
  const double variance = weights.dot(pull);
  MatrixXd slopes = weights.asDiagonal() * covariance / variance;
  slopes.diagonal() += pull / variance;
  slopes -= 2.0 / (variance * variance) * weights.cwiseProduct(pull) * pull.transpose();
  return slopes;
}

RiskBudgetOutcome outcome_of(const MatrixXd& covariance, const VectorXd& weights, const VectorXd& budget) {
  RiskBudgetOutcome outcome;
  outcome.weights = weights;
  outcome.risk = std::sqrt(std::max(0.0, weights.dot(covariance * weights)));
  outcome.residual = share_excess(covariance, weights, budget).cwiseAbs().maxCoeff();
  return outcome;
}

}  // namespace

RiskBudgetOutcome share_variance(const MatrixXd& covariance, const VectorXd& budget) {
  const VectorXd variance = covariance.diagonal();
  for (long i = 0; i < variance.size(); ++i) {
    if (variance[i] > 1e-24 * variance.maxCoeff() && variance[i] > 0.0) continue;
    throw NoSolutionError(fmt::format(
        "asset {} has no variance (it cannot have a share of the risk) leave it out of risk_parity", i + 1));
  }
  VectorXd y = budget.cwiseQuotient(variance).cwiseSqrt();
  RiskBudgetOutcome best;
  best.residual = kNoLimit;
  int iteration = 0;
  for (; iteration < 200; ++iteration) {
    const VectorXd pull = covariance * y;
    const RiskBudgetOutcome now = outcome_of(covariance, y / y.sum(), budget);
    if (now.residual < best.residual) best = now;
    const VectorXd gradient = pull - budget.cwiseQuotient(y);
    MatrixXd hessian = covariance;
    hessian.diagonal() += budget.cwiseQuotient(y.cwiseAbs2());
    const VectorXd step = hessian.llt().solve(gradient);
    // Newton's decrement of the self-concordant barrier with the least budget.
    const double decrement = std::sqrt(std::max(0.0, gradient.dot(step)) / budget.minCoeff());
    if (!std::isfinite(decrement) || (decrement < 1e-9 && now.residual > 0.5 * best.residual && iteration > 2)) break;
    double length = std::min(1.0, 0.95 / std::max(0.95, step.cwiseQuotient(y).maxCoeff()));  // y stays positive
    // Far away by halving (damped steps of 1/(1 + decrement) take hundreds at 400 assets), full near the end.
    const double now_at = barrier(covariance, budget, y), descent = gradient.dot(step);
    while (decrement >= 0.25 && length > 1e-6 &&
           barrier(covariance, budget, y - length * step) > now_at - 0.25 * length * descent) {
      length *= 0.5;
    }
    y -= length * step;
  }
  best.iterations = iteration;
  return best;
}

RiskBudgetOutcome share_variance_within(const ScenarioSet& scenarios, const MatrixXd& covariance,
                                        const VectorXd& budget, const FeasibleSet& feasible) {
  ConvexProgramme programme = portfolio_programme({&scenarios, 1}, feasible);
  const long n = long(scenarios.assets);
  programme.in_losses = false;
  programme.objective_unit = 1.0;
  programme.value_floor = 1e-12;
  ProgrammeOptions options;
  options.gap = 1e-8;
  LinearProgram linear(programme.polytope.bounded);
  VectorXd x = central_point(programme.polytope, linear);
  double squares = kNoLimit, damping = 1e-6;
  RiskBudgetOutcome outcome;
  int iteration = 0;
  for (; iteration < 200; ++iteration) {
    const VectorXd w = x.head(n), excess = share_excess(covariance, w, budget);
    const MatrixXd slopes = share_slopes(covariance, w);
    squares = excess.squaredNorm();
    // |excess + slopes (v - w)|^2 + damping |v - w|^2
    programme.hessian = 2.0 * slopes.transpose() * slopes;
    programme.hessian.diagonal().array() += 2.0 * damping;
    const VectorXd target = excess - slopes * w;
    programme.cost.head(n) = 2.0 * (slopes.transpose() * target - damping * w);
    programme.constant = target.squaredNorm() + damping * w.squaredNorm();
    ProgrammeSolver solver(programme);
    const ProgrammeOutcome found = solver.solve(options);
    outcome.iterations += found.iterations;
    if (found.x.size() == 0) break;
    const double reached = share_excess(covariance, found.x.head(n), budget).squaredNorm();
    if (reached < squares) {
      const double moved = (found.x - x).cwiseAbs().maxCoeff();
      x = found.x;
      damping = std::max(1e-9, 0.3 * damping);
      if (moved < 1e-10) break;
    } else {
      if ((found.x - x).cwiseAbs().maxCoeff() < 1e-9 || damping > 1e6) break;
      damping *= 10.0;
    }
  }
  const int iterations = outcome.iterations;
  outcome = outcome_of(covariance, x.head(n), budget);
  outcome.iterations = iterations;
  outcome.local = true;
  return outcome;
}

}  // namespace ballast
