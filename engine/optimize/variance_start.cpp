#include "engine/optimize/variance_start.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/optimize/scenario_moments.h"
#include "scenarios/base/lanes.h"
#include "scenarios/random/normal.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

/// CVaR of a standard normal loss.
double normal_cvar(double confidence) {
  const double z = inverse_normal(confidence);
  return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi) / (1.0 - confidence);
}

/// The optimum for normal losses of these moments; `plain` where they tell nothing.
ProgrammeStart normal_optimum(const ConvexProgramme& programme, const VectorXd& centre,
                              const ScenarioMoments& moments) {
  const ProgrammeStart plain{centre, {}, {}};
  const TailTerm& tail = programme.tails[0];
  const std::size_t n = programme.polytope.assets;
  const VectorXd weights = centre.head(long(n));
  const double variance =
      weights.dot(moments.covariance * weights - 2.0 * moments.liability_covariance) + moments.liability_variance;
  const double deviation = std::sqrt(std::max(variance, 0.0));
  if (!(deviation > 1e-6 * programme.unit)) return plain;

  // mean loss + k sd(loss), k that of the tail, with sd <= (sd_0 + variance / sd_0) / 2.
  const double ours = programme.objective_unit, risk = tail.weight * normal_cvar(tail.confidence);
  HingeProgram quadratic;
  quadratic.features.resize(0, long(n) + 1);
  quadratic.hessian = risk / deviation / ours * moments.covariance;
  quadratic.cost = (programme.cost + tail.weight * tail.linear) / ours;
  quadratic.cost.head(long(n)) -= (tail.weight * moments.mean + risk / deviation * moments.liability_covariance) / ours;
  quadratic.lower = programme.polytope.lower;
  quadratic.upper = programme.polytope.upper;
  quadratic.rows = programme.polytope.rows;
  quadratic.row_lower = programme.polytope.row_lower;
  quadratic.row_upper = programme.polytope.row_upper;
  HingeOptions options;
  options.spread = risk * deviation / ours;
  options.gap = 1e-3 * options.spread;
  options.push = 0.1 / double(std::max<std::size_t>(10, n));
  options.residual = 1e-5;
  options.max_iterations = 30;
  const HingeSolution solution = solve(quadratic, centre, options);
  if (solution.x.size() == 0 || !(solution.residual < 1e-3) || !(solution.gap < 100.0 * options.gap)) return plain;

  ProgrammeStart start;
  VectorXd gradient = quadratic.cost;
  gradient.head(long(n)) += quadratic.hessian * solution.x.head(long(n));
  start.reduced_cost = gradient - quadratic.rows.transpose() * solution.row_dual;
  start.x = solution.x;
  rest_on_bounds(programme.polytope, start.x, start.reduced_cost);
  start.x = snap_and_repair(programme.polytope, start.x, 1e-9);
  start.reduced_cost *= ours;
  return start;
}

}  // namespace

ProgrammeStart variance_start(const ConvexProgramme& programme, const VectorXd& centre) {
  const ProgrammeStart plain{centre, {}, {}};
  if (programme.tails.size() != 1 || !programme.tails[0].in_objective() || programme.curved() ||
      programme.epigraph >= 0) {
    return plain;
  }
  const TailTerm& tail = programme.tails[0];
  const std::size_t n = programme.polytope.assets, blocks = ScenarioSample::blocks_of(*tail.set);
  constexpr double kLeast = 0.5, kMost = 0.9999;  // below, the tail is no tail; above, a few scenarios decide
  if (tail.confidence < kLeast || tail.confidence > kMost) return plain;
  // Four scenarios an asset tell a covariance well enough.
  const ScenarioSample sample(*tail.set, std::min(blocks, 1 + 4 * n / kBlockScenarios), tail.confidence);
  if (!(sample.total_mass() > 0.0)) return plain;
  const ScenarioMoments moments = scenario_moments(sample);
  Ranks& ranks = sample.ranks();
  ProgrammeStart start = plain;
  run_on_root(ranks, [&] { start = normal_optimum(programme, centre, moments); });
  for (VectorXd* part : {&start.x, &start.reduced_cost}) {
    const std::vector<double> roots = of_root(ranks, std::vector<double>(part->begin(), part->end()));
    *part = Eigen::Map<const VectorXd>(roots.data(), long(roots.size()));
  }
  return start;
}

}  // namespace ballast
