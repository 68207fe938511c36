#include "engine/optimize/portfolio_programme.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "engine/optimize/eigen_blocking.h"
#include "engine/optimize/programme_solver.h"
#include "scenarios/base/error.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

VectorXd certain_loss(const FeasibleSet& feasible, std::size_t variables) {
  VectorXd loss = VectorXd::Zero(long(variables));
  for (std::size_t j = 0; j < feasible.certain_loss.size(); ++j) loss[long(j)] = feasible.certain_loss[j];
  return loss;
}

NamedQuadratic tracking_error(const TrackingLimit& asked, const ScenarioMoments& moments, std::size_t variables) {
  const VectorXd benchmark = Eigen::Map<const VectorXd>(asked.benchmark.data(), moments.mean.size());
  NamedQuadratic q;
  q.name = asked.name;
  q.size = 0.5 * std::max(asked.max * asked.max, 1e-300);
  q.limit.hessian = moments.covariance;
  q.limit.slope = VectorXd::Zero(long(variables));
  q.limit.slope.head(benchmark.size()) = -moments.covariance * benchmark;
  q.limit.constant = 0.5 * benchmark.dot(moments.covariance * benchmark) - q.size;
  return q;
}

void check_limits(const FeasibleSet& feasible, std::size_t assets) {
  for (const CvarLimit& limit : feasible.cvar_limits) {
    check_confidence(limit.confidence, (limit.name + ".confidence").c_str());
    if (!std::isfinite(limit.max)) throw key_error(limit.name, "the limit is not a number");
  }
  for (const TrackingLimit& limit : feasible.tracking_limits) {
    if (limit.benchmark.size() != assets || !(limit.max > 0.0)) {
      throw key_error(limit.name, fmt::format("a benchmark of {} weights and at most {} (one weight for each of {} "
                                              "assets and a limit above 0 are needed)",
                                              limit.benchmark.size(), limit.max, assets));
    }
  }
}

}  // namespace

void check_confidence(double confidence, const char* key) {
  if (confidence >= 0.0 && confidence < 1.0) return;
  throw key_error(key, fmt::format("{} is not a confidence level (0 <= confidence < 1) 0.95 is usual", confidence));
}

void check_gap(double gap) {
  if (gap > 0.0) return;
  throw key_error("optimize.gap", fmt::format("{} cannot be reached (it must be above 0) 1e-6 is usual", gap));
}

ConvexProgramme portfolio_programme(std::span<const ScenarioSet> sets, const FeasibleSet& feasible) {
  pin_eigen_blocking();
  if (sets.empty()) throw key_error("scenarios", "there are none to optimise on");
  const ScenarioSet& first = sets[0];
  double unit = 0.0;
  for (const ScenarioSet& set : sets) {
    unit = std::max(unit, growth_unit(set));
    if (set.assets != first.assets) {
      throw key_error("optimize.worst_case",
                      fmt::format("one set of scenarios has {} assets and another {}", first.assets, set.assets));
    }
  }
  check_feasible_set(feasible, first);
  check_limits(feasible, first.assets);

  ConvexProgramme programme;
  programme.polytope = make_polytope(feasible, first.assets);
  const std::size_t variables = programme.polytope.variables();
  programme.unit = programme.objective_unit = unit > 0.0 ? unit : 1.0;
  programme.cost = VectorXd::Zero(long(variables));
  programme.value_floor = 1e-6 * programme.unit;
  for (const CvarLimit& limit : feasible.cvar_limits) {
    for (const ScenarioSet& set : sets) {
      programme.tails.push_back(
          {limit.name, &set, limit.confidence, certain_loss(feasible, variables), limit.max, 0.0});
    }
  }
  if (!feasible.tracking_limits.empty()) {
    const ScenarioMoments moments = scenario_moments(first);
    for (const TrackingLimit& limit : feasible.tracking_limits) {
      programme.quadratics.push_back(tracking_error(limit, moments, variables));
    }
  }
  return programme;
}

void add_cvar(ConvexProgramme& programme, std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
              double confidence, double weight) {
  check_confidence(confidence, "optimize.confidence");
  const VectorXd loss = certain_loss(feasible, programme.polytope.variables());
  if (sets.size() == 1) {
    programme.tails.push_back({"", &sets[0], confidence, loss, kNoLimit, weight});
    return;
  }
  add_epigraph(programme);
  programme.cost[programme.epigraph] = weight * programme.unit;
  for (const ScenarioSet& set : sets) {
    TailTerm tail{"", &set, confidence, VectorXd::Zero(programme.cost.size()), 0.0, 0.0};
    tail.linear.head(loss.size()) = loss;
    tail.linear[programme.epigraph] = -programme.unit;
    programme.tails.push_back(std::move(tail));
  }
}

void add_mean_return(ConvexProgramme& programme, const ScenarioSet& set, const FeasibleSet& feasible) {
  const std::vector<double> mean = mean_growth(set);
  const VectorXd loss = certain_loss(feasible, std::size_t(programme.cost.size()));
  programme.cost += loss;
  for (std::size_t i = 0; i < mean.size(); ++i) programme.cost[long(i)] -= mean[i];
  if (!programme.cost.allFinite()) check_scenarios(set);
}

void add_variance(ConvexProgramme& programme, const ScenarioMoments& moments, double aversion) {
  programme.hessian = 2.0 * aversion * moments.covariance;
  programme.cost.head(moments.mean.size()) -= 2.0 * aversion * moments.liability_covariance;
  programme.constant += aversion * moments.liability_variance;
}

OptimizationResult portfolio_result(const std::string& objective, const ConvexProgramme& programme,
                                    const ProgrammeOutcome& outcome, const ScenarioSet& scenarios,
                                    const FeasibleSet& feasible) {
  OptimizationResult result;
  result.objective = objective;
  result.status = outcome.optimal ? "optimal" : "stalled";
  result.weights.assign(outcome.x.data(), outcome.x.data() + scenarios.assets);
  result.value = outcome.value;
  result.lower_bound = outcome.lower_bound;
  result.relative_gap = outcome.relative_gap;
  result.iterations = outcome.iterations;
  const ProgrammeDuals& duals = outcome.duals;
  if (duals.reduced_cost.size() == 0) return result;
  result.reduced_cost.assign(duals.reduced_cost.data(), duals.reduced_cost.data() + scenarios.assets);
  // Less than the gap lets one tell from zero.
  const double least = 1e-7 * programme.objective_unit;
  for (std::size_t i = 0; i < feasible.rows.size() && long(i) < duals.row.size(); ++i) {
    const LinearConstraint& row = feasible.rows[i];
    const double price = duals.row[long(i)];
    if (row.defines || std::abs(price) < least) continue;
    result.shadow_prices.push_back({row.name, (price > 0 ? row.lower : row.upper) - row.shift, price});
  }
  for (std::size_t k = 0; k < programme.tails.size() && long(k) < duals.tail.size(); ++k) {
    const TailTerm& tail = programme.tails[k];
    if (tail.in_objective() || programme.raises_epigraph(tail) || duals.tail[long(k)] * programme.unit < least)
      continue;
    result.shadow_prices.push_back({tail.name, tail.limit, -duals.tail[long(k)]});
  }
  for (std::size_t k = 0; k < programme.quadratics.size() && long(k) < duals.quadratic.size(); ++k) {
    const NamedQuadratic& q = programme.quadratics[k];
    const double most = std::sqrt(2.0 * q.size), price = -duals.quadratic[long(k)] * most;
    if (-price * most < least) continue;
    result.shadow_prices.push_back({q.name, most, price});
  }
  return result;
}

OptimizationResult solve_portfolio(const std::string& objective, const ConvexProgramme& programme,
                                   const ScenarioSet& scenarios, const FeasibleSet& feasible, double gap) {
  const auto started = std::chrono::steady_clock::now();
  check_gap(gap);
  ProgrammeSolver solver(programme);
  ProgrammeOptions options;
  options.gap = gap;
  const ProgrammeOutcome outcome = solver.solve(options);
  if (outcome.x.size() == 0) {
    throw NoSolutionError(
        "no weights were found that satisfy the constraints to 1e-9 (they leave next to no room) relax one of them");
  }
  require_bounded_weights(programme.polytope, outcome.x, scenarios);
  OptimizationResult result = portfolio_result(objective, programme, outcome, scenarios, feasible);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace ballast
