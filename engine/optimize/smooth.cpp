#include "engine/optimize/smooth.h"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "engine/optimize/eigen_blocking.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/slices.h"
#include "engine/optimize/smooth_program.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point started) {
  return std::chrono::duration<double>(Clock::now() - started).count();
}

void finish(OptimizationResult& result, double gap) {
  if (result.lower_bound) {
    // Rounding may put the bound a last digit above the value.
    result.lower_bound = std::min(*result.lower_bound, result.value);
    result.relative_gap =
        result.value == *result.lower_bound ? 0.0 : (result.value - *result.lower_bound) / std::abs(result.value);
  }
  result.status = !result.relative_gap ? "local" : *result.relative_gap <= gap ? "optimal" : "stalled";
}

/// The cone over the feasible weights, variables y = k w and then k, cut by mean excess'y = level.
FeasibleSet homogenise(const FeasibleSet& set, const VectorXd& excess, double level) {
  FeasibleSet cone;
  const std::size_t n = set.variables();
  const int scale = int(n);
  cone.lower.assign(n + 1, -kNoLimit);
  cone.upper.assign(n + 1, kNoLimit);
  cone.lower[n] = 0.0;
  auto add = [&](const std::vector<std::pair<int, double>>& terms, double limit, bool upper, const std::string& name) {
    LinearConstraint row{name, terms, -kNoLimit, kNoLimit};
    row.terms.emplace_back(scale, -limit);
    (upper ? row.upper : row.lower) = 0.0;
    cone.rows.push_back(std::move(row));
  };
  for (std::size_t j = 0; j < n; ++j) {
    const std::vector<std::pair<int, double>> one{{int(j), 1.0}};
    if (set.lower[j] == 0.0) cone.lower[j] = 0.0;
    if (set.upper[j] == 0.0) cone.upper[j] = 0.0;
    if (std::isfinite(set.lower[j]) && set.lower[j] != 0.0) add(one, set.lower[j], false, "");
    if (std::isfinite(set.upper[j]) && set.upper[j] != 0.0) add(one, set.upper[j], true, "");
  }
  for (const LinearConstraint& row : set.rows) {
    if (row.lower == row.upper) {
      add(row.terms, row.lower, true, row.name);
      cone.rows.back().lower = 0.0;
      continue;
    }
    if (row.lower > -kNoLimit) add(row.terms, row.lower, false, row.name);
    if (row.upper < kNoLimit) add(row.terms, row.upper, true, row.name);
  }
  LinearConstraint normal{"mean excess return", {}, level, level};
  for (long j = 0; j < excess.size(); ++j) normal.terms.emplace_back(int(j), excess[j]);
  cone.rows.push_back(std::move(normal));
  return cone;
}

/// x'Sx over the first variables.
SmoothFunction quadratic_form(const MatrixXd& matrix, std::size_t variables) {
  SmoothFunction function;
  const long n = matrix.rows();
  function.hessian = MatrixXd::Zero(long(variables), long(variables));
  function.hessian.topLeftCorner(n, n) = 2.0 * matrix;
  function.evaluate = [matrix, n](const VectorXd& x, VectorXd& gradient) {
    const VectorXd product = matrix * x.head(n);
    gradient.setZero();
    gradient.head(n) = 2.0 * product;
    return product.dot(x.head(n));
  };
  return function;
}

}  // namespace

ScenarioMoments scenario_moments(const ScenarioSet& set) {
  const long n = long(set.assets);
  const std::vector<double> mean = mean_growth(set);
  double mass = 0.0, liability_mean = 0.0;
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    mass += set.mass_of(s);
    liability_mean += set.mass_of(s) * set.liability_of(s);
  }
  liability_mean /= mass;
  // The liability is one more column; slices of scenarios are added in order.
  std::vector<MatrixXd> parts(Slices::kCount);
  Slices{set.scenarios}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    constexpr std::size_t kChunk = 256;
    parts[slice] = MatrixXd::Zero(n + 1, n + 1);
    MatrixXd centred(n + 1, long(kChunk));
    for (std::size_t first = begin; first < end; first += kChunk) {
      const std::size_t count = std::min(kChunk, end - first);
      for (std::size_t k = 0; k < count; ++k) {
        const double root = std::sqrt(set.mass_of(first + k) / mass);
        const double* row = set.row(first + k);
        for (long i = 0; i < n; ++i) centred(i, long(k)) = root * (row[i] - mean[std::size_t(i)]);
        centred(n, long(k)) = root * (set.liability_of(first + k) - liability_mean);
      }
      parts[slice].selfadjointView<Eigen::Lower>().rankUpdate(centred.leftCols(long(count)));
    }
  });
  for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
  const MatrixXd full = parts[0].selfadjointView<Eigen::Lower>();
  ScenarioMoments moments;
  moments.mean = Eigen::Map<const VectorXd>(mean.data(), n);
  moments.covariance = full.topLeftCorner(n, n);
  moments.liability_covariance = full.col(n).head(n);
  moments.liability_variance = full(n, n);
  return moments;
}

OptimizationResult minimise_variance(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                     const SmoothOptions& options) {
  const auto started = Clock::now();
  pin_eigen_blocking();
  check_scenarios(scenarios);
  check_feasible_set(feasible, scenarios);
  const Polytope polytope = make_polytope(feasible, scenarios.assets);
  const ScenarioMoments moments = scenario_moments(scenarios);
  const long n = long(scenarios.assets);
  SmoothFunction function = quadratic_form(moments.covariance, polytope.variables());
  function.evaluate = [&](const VectorXd& x, VectorXd& gradient) {
    const VectorXd product = moments.covariance * x.head(n);
    gradient.setZero();
    gradient.head(n) = 2.0 * (product - moments.liability_covariance);
    return product.dot(x.head(n)) - 2.0 * moments.liability_covariance.dot(x.head(n)) + moments.liability_variance;
  };
  LinearProgram programme(polytope.bounded);
  const SmoothSolution solution =
      minimise_smooth(function, polytope, central_point(polytope, programme), options.gap, options.max_evaluations);
  if (solution.x.size() == 0)
    throw NoSolutionError(
        "no weights were found that satisfy the constraints to 1e-9 (they leave next to no room) relax one of them");
  require_bounded_weights(polytope, solution.x, scenarios);

  OptimizationResult result;
  result.objective = "min_variance";
  result.weights.assign(solution.x.data(), solution.x.data() + n);
  result.value = std::max(0.0, solution.value);
  result.lower_bound = std::max(0.0, solution.lower_bound);  // a variance
  result.iterations = solution.evaluations;
  finish(result, options.gap);
  result.seconds = seconds_since(started);
  return result;
}

OptimizationResult maximise_sharpe(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                   const SmoothOptions& options) {
  const auto started = Clock::now();
  pin_eigen_blocking();
  check_scenarios(scenarios);
  check_feasible_set(feasible, scenarios);
  if (!scenarios.liability.empty()) {
    throw key_error("optimize.loss", "the Sharpe ratio knows no liability (it is a ratio of returns) set loss: return");
  }
  const long n = long(scenarios.assets);
  const Polytope polytope = make_polytope(feasible, scenarios.assets);
  const ScenarioMoments moments = scenario_moments(scenarios);
  const VectorXd excess = moments.mean.array() - options.risk_free;

  LinearProgram programme(polytope.bounded);
  std::vector<double> cost(polytope.variables(), 0.0);
  for (long i = 0; i < n; ++i) cost[std::size_t(i)] = -excess[i];
  programme.minimise(cost);
  const std::vector<double> vertex = programme.solution();
  const VectorXd richest = Eigen::Map<const VectorXd>(vertex.data(), long(vertex.size()));
  const double most = excess.dot(richest.head(n));
  if (!(most > 1e-12 * excess.cwiseAbs().maxCoeff())) {
    throw NoSolutionError(
        fmt::format("no weights have a positive Sharpe ratio (the greatest expected return over the riskless one is "
                    "{:.6g}) use another "
                    "objective, or relax the constraints",
                    most));
  }
  const VectorXd centre = central_point(polytope, programme);
  VectorXd from = 0.5 * (richest + centre);
  if (excess.dot(from.head(n)) < 0.25 * most) from = richest;

  // The ratio does not depend on the level; one of the size of an excess keeps k near 1.
  const double level = std::min(most, excess.cwiseAbs().maxCoeff());
  const Polytope cone = make_polytope(homogenise(feasible, excess, level), scenarios.assets);
  VectorXd start(from.size() + 1);
  start << from, 1.0;
  start *= level / excess.dot(from.head(n));
  const SmoothFunction function = quadratic_form(moments.covariance, cone.variables());
  const SmoothSolution solution = minimise_smooth(function, cone, start, options.gap, options.max_evaluations);
  const double scale = solution.x.size() > 0 ? solution.x[solution.x.size() - 1] : 0.0;
  if (!(scale > 0.0))
    throw NoSolutionError(
        "no weights were found with a greatest Sharpe ratio (the constraints leave next to no room) relax one of them");
  const VectorXd x = snap_and_repair(polytope, solution.x.head(long(polytope.variables())) / scale, 1e-12);
  require_bounded_weights(polytope, x, scenarios);
  const double risk = std::sqrt(std::max(0.0, x.head(n).dot(moments.covariance * x.head(n))));
  if (risk < 1e-9 * excess.dot(x.head(n))) {
    throw NoSolutionError(
        "the Sharpe ratio has no maximum (some weights earn more than the riskless return at no risk) check the "
        "scenarios and risk_free");
  }
  OptimizationResult result;
  result.objective = "max_sharpe";
  result.weights.assign(x.data(), x.data() + n);
  result.value = -excess.dot(x.head(n)) / risk;
  if (solution.lower_bound > 0.0) result.lower_bound = -level / std::sqrt(solution.lower_bound);
  result.iterations = solution.evaluations;
  finish(result, options.gap);
  result.seconds = seconds_since(started);
  return result;
}

OptimizationResult optimise_min_variance(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                         const OptimizeOptions& options) {
  return minimise_variance(scenarios, feasible, {.gap = options.gap});
}

OptimizationResult optimise_max_sharpe(const ScenarioSet& scenarios, const FeasibleSet& feasible,
                                       const OptimizeOptions& options) {
  return maximise_sharpe(scenarios, feasible, {.gap = options.gap, .risk_free = options.risk_free});
}

}  // namespace ballast
