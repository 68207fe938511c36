#include <algorithm>
#include <cmath>

#include "engine/optimize/hinge_program.h"
#include "engine/optimize/min_cvar.h"
#include "engine/optimize/risk_budget_solver.h"
#include "engine/optimize/scenario_moments.h"
#include "engine/optimize/slices.h"
#include "engine/optimize/tail_window.h"
#include "scenarios/base/error.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

/// The windows' programme: all assets, a barrier with the budget, no rows.
HingeProgram budget_programme(const TailWindow& window, const VectorXd& budget, double unit) {
  const WindowRows& rows = window.rows();
  const long n = budget.size(), m = long(rows.size());
  HingeProgram program;
  program.features.resize(m, n + 1);
  program.offset = VectorXd::Zero(m);
  program.mass.resize(m);
  Slices{std::size_t(m)}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const double* row = rows.growth(k);
      double* features = program.features.row(long(k)).data();
      for (long i = 0; i < n; ++i) features[i] = row[i] / unit;
      features[n] = 1.0;
      program.mass[long(k)] = rows.share(k);
    }
  });
  HingeBlock block;
  block.end = m;
  block.slope = VectorXd::Zero(n + 1);
  block.slope.head(n) = window.fixed().slope / unit;
  block.slope[n] = window.free_tail();
  program.blocks.push_back(std::move(block));
  program.cost = VectorXd::Zero(n + 1);
  program.lower = program.barrier = VectorXd::Zero(n + 1);
  program.barrier.head(n) = budget;
  program.lower[n] = -kNoLimit;
  program.upper = VectorXd::Constant(n + 1, kNoLimit);
  program.rows.resize(0, n + 1);
  return program;
}

/// The weights that share the variance so: CVaR's would be near if losses were normal. The budget itself where an asset
/// has no variance.
VectorXd start_from_variance(const ScenarioSet& scenarios, const VectorXd& budget) {
  const Eigen::MatrixXd covariance = scenario_moments(scenarios).covariance;
  if (!(covariance.diagonal().minCoeff() > 1e-16 * covariance.diagonal().maxCoeff())) return budget;
  return share_variance(covariance, budget).weights;
}

}  // namespace

RiskBudgetOutcome share_cvar(const ScenarioSet& scenarios, const VectorXd& budget, double confidence) {
  const long n = budget.size();
  const double size = check_scenarios(scenarios), unit = size > 0.0 ? size : 1.0;
  const OptimizationResult least =
      minimise_cvar(scenarios, long_only_simplex(scenarios.assets), {.confidence = confidence, .gap = 1e-4});
  if (!(least.value > 1e-9 * unit)) {
    throw NoSolutionError(
        "risk cannot be shared (some long-only weights have a CVaR of 0 or less, so that any amount of them adds none) "
        "leave riskless assets out, or raise the confidence");
  }
  const ScenarioSample sample(scenarios, ScenarioSample::blocks_of(scenarios), confidence);
  TailWindow window(sample);
  VectorXd y = start_from_variance(scenarios, budget);
  RiskBudgetOutcome best;
  best.residual = kNoLimit;
  int iterations = 0;
  Losses losses;
  for (int round = 0; round < 30; ++round) {
    sample.scan(y, losses);
    const TailEdges seen = sample.edges(losses, round == 0 ? 1.5 : 0.1);
    const std::size_t members = window.members();
    if (round == 0) {
      window.open(losses, seen);
    } else {
      window.widen(losses, seen);
      if (window.members() == members && best.residual < 1e-9) break;
    }
    const HingeProgram program = budget_programme(window, budget, unit);
    HingeOptions options;
    options.gap = 1e-12;
    options.spread = 0.1;
    options.max_iterations = 200;
    VectorXd start = VectorXd::Zero(n + 1);
    start.head(n) = y * (unit / seen.cvar);  // CVaR 1 in units of loss, as at the solution
    const HingeSolution solution = solve(program, start, options);
    iterations += solution.iterations;
    if (solution.x.size() == 0 || !(solution.x.head(n).minCoeff() > 0.0)) break;
    y = solution.x.head(n) / solution.x.head(n).sum();

    // The multipliers as a point of CVaR's dual: what each asset loses in the tail, and whether the tail is the worst.
    const VectorXd q = solution.multiplier * (window.free_tail() / solution.multiplier.sum());
    const VectorXd slope = window.fixed().slope - window.rows().weighted_growth({q.data(), std::size_t(q.size())});
    sample.scan(y, losses);
    const double cvar = sample.edges(losses, 0.0).cvar;
    const VectorXd shares = y.cwiseProduct(slope) / cvar;
    const double residual = std::max((shares - budget).cwiseAbs().maxCoeff(), std::abs(slope.dot(y) / cvar - 1.0));
    if (residual < best.residual || best.weights.size() == 0) {
      best.weights = y;
      best.risk = cvar;
      best.residual = residual;
    } else if (window.members() == members) {
      break;
    }
  }
  best.iterations = iterations;
  return best;
}

}  // namespace ballast
