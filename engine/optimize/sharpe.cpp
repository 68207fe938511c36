#include <chrono>
#include <cmath>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/programme_solver.h"
#include "scenarios/base/error.h"

// The greatest Sharpe ratio of the return over the horizon, not annualised, in
// its convex, homogeneous form (Cornuejols & Tutuncu 2007, section 8.2): least
// variance of y = k w with mean excess fixed, w = y / k.

namespace ballast {
namespace {

using Eigen::VectorXd;

constexpr double kRange = 1e4;  ///< of y and k, which are near 1: bounds for the
                                ///< interior point, not for the certificate

/// The cone over the feasible weights, variables y = k w and then k, cut by
/// mean excess'y = level. origin: the set's row that each of its rows comes
/// from, or -1.
FeasibleSet homogenise(const FeasibleSet& set, const VectorXd& excess, double level, std::vector<long>& origin) {
  FeasibleSet cone;
  const std::size_t n = set.variables();
  const int scale = int(n);
  cone.lower.assign(n + 1, -kRange);
  cone.upper.assign(n + 1, kRange);
  cone.lower[n] = 0.0;
  origin.clear();
  auto add = [&](const std::vector<std::pair<int, double>>& terms, double limit, bool upper, long from) {
    LinearConstraint row{from < 0 ? "" : set.rows[std::size_t(from)].name, terms, -kNoLimit, kNoLimit};
    origin.push_back(from);
    row.terms.emplace_back(scale, -limit);
    (upper ? row.upper : row.lower) = 0.0;
    cone.rows.push_back(std::move(row));
  };
  for (std::size_t j = 0; j < n; ++j) {
    const std::vector<std::pair<int, double>> one{{int(j), 1.0}};
    if (set.lower[j] == 0.0) cone.lower[j] = 0.0;
    if (set.upper[j] == 0.0) cone.upper[j] = 0.0;
    if (std::isfinite(set.lower[j]) && set.lower[j] != 0.0) add(one, set.lower[j], false, -1);
    if (std::isfinite(set.upper[j]) && set.upper[j] != 0.0) add(one, set.upper[j], true, -1);
  }
  for (long i = 0; i < long(set.rows.size()); ++i) {
    const LinearConstraint& row = set.rows[std::size_t(i)];
    if (row.lower == row.upper) {
      add(row.terms, row.lower, true, i);
      cone.rows.back().lower = 0.0;
      continue;
    }
    if (row.lower > -kNoLimit) add(row.terms, row.lower, false, i);
    if (row.upper < kNoLimit) add(row.terms, row.upper, true, i);
  }
  LinearConstraint normal{"mean excess return", {}, 1.0, 1.0};
  for (long j = 0; j < excess.size(); ++j) {
    if (excess[j] != 0.0) normal.terms.emplace_back(int(j), excess[j] / level);
  }
  cone.rows.push_back(std::move(normal));
  origin.push_back(-1);
  return cone;
}

/// What a unit of each variable earns over the riskless rate, certain losses
/// taken off.
VectorXd mean_excess(const ScenarioMoments& moments, const FeasibleSet& feasible, double risk_free) {
  VectorXd excess = VectorXd::Zero(long(feasible.variables()));
  excess.head(moments.mean.size()) = moments.mean.array() - risk_free;
  for (std::size_t j = 0; j < feasible.certain_loss.size(); ++j) excess[long(j)] -= feasible.certain_loss[j];
  return excess;
}

/// The homogeneous programme: least variance over the cone, CVaR limits as
/// CVaR(y) <= k limit.
ConvexProgramme cone_programme(const ConvexProgramme& weights, const ScenarioMoments& moments,
                               const FeasibleSet& feasible, const VectorXd& excess, double level,
                               std::vector<long>& origin) {
  ConvexProgramme cone;
  cone.polytope = make_polytope(homogenise(feasible, excess, level, origin), weights.polytope.assets);
  cone.cost = VectorXd::Zero(long(cone.polytope.variables()));
  cone.unit = weights.unit;
  for (TailTerm tail : weights.tails) {
    tail.linear.conservativeResize(cone.cost.size());
    tail.linear[cone.cost.size() - 1] = -tail.limit;
    tail.limit = 0.0;
    cone.tails.push_back(std::move(tail));
  }
  add_variance(cone, moments, 1.0);
  cone.objective_unit = std::max(moments.covariance.diagonal().mean(), 1e-300);
  cone.in_losses = false;
  return cone;
}

/// The weights found, and what their programme's multipliers say in units of the mean excess: the plane they make of
/// the limits (ProgrammeDuals), and the rows'.
struct SharpePoint {
  VectorXd x;
  SupportingPlane limits;
  VectorXd row_dual;
  int iterations = 0;
};

struct SharpeBound {
  double ratio = kNoLimit;
  Certificate certificate;
  VectorXd row_dual;
};

/// No allowed weights have a ratio above this. With g = S w / sd(w), sd(v) >= g'v for all v, so that excess'v <= ratio
/// g'v on all allowed weights proves it. What is missing at the ratio itself counts over the least standard deviation
/// there is; where that is too much, linear programmes from the ratio upwards.
class RatioBounder {
 public:
  RatioBounder(const ConvexProgramme& weights, const VectorXd& excess, const VectorXd& risk_slope,
               const SharpePoint& found)
      : weights_(weights), excess_(excess), risk_slope_(risk_slope), found_(found), linear_(weights.polytope.bounded) {}

  template <class LeastRisk>
  SharpeBound operator()(double ratio, double risk, double gap, LeastRisk&& least_risk) {
    SharpeBound first = missing_at(ratio, true);
    auto over = [&](double least) {
      const double missing = std::max(0.0, -first.certificate.lower_bound);
      return missing == 0.0 ? ratio : least > 0.0 ? ratio + missing / least : kNoLimit;
    };
    first.ratio = over(least_slope());
    if (first.ratio - ratio <= gap * ratio) return first;
    const SharpeBound other = missing_at(ratio, false);
    if (other.certificate.lower_bound > first.certificate.lower_bound) first = other;
    first.ratio = over(std::max(least_slope(), least_risk()));
    if (first.ratio - ratio <= gap * ratio) return first;
    double trial = ratio;
    for (int k = 0; k < 8; ++k) {
      const SharpeBound last = missing_at(trial, false);
      if (last.certificate.lower_bound >= 0.0 && trial < first.ratio) return last;
      if (!std::isfinite(last.certificate.lower_bound) || trial > 2.0 * ratio) break;
      trial += std::max(1.5 * -last.certificate.lower_bound / risk, 1e-15 * ratio);
    }
    return first;
  }

 private:
  /// With the multipliers of the rows as they were found, or with the best ones.
  SharpeBound missing_at(double ratio, bool as_found) {
    SupportingPlane plane{found_.limits.constant, found_.limits.slope - excess_};
    plane.slope.head(risk_slope_.size()) += ratio * risk_slope_;
    SharpeBound bound;
    bound.ratio = ratio;
    bound.row_dual = found_.row_dual;
    bound.certificate = as_found ? certify(weights_.polytope, plane, bound.row_dual)
                                 : certify_by_programme(weights_.polytope, plane, linear_, bound.row_dual);
    return bound;
  }

  /// Of g'v, which is no more than the risk.
  double least_slope() {
    VectorXd row_dual;
    return certify_by_programme(weights_.polytope, {0.0, risk_slope_}, linear_, row_dual).lower_bound;
  }

  const ConvexProgramme& weights_;
  const VectorXd &excess_, &risk_slope_;
  const SharpePoint& found_;
  LinearProgram linear_;
};

/// The least standard deviation that allowed weights have, from below; limits
/// on CVaR left out.
double least_deviation(const ConvexProgramme& weights, const ScenarioMoments& moments) {
  ConvexProgramme variance = weights;
  variance.tails.clear();
  add_variance(variance, moments, 1.0);
  variance.in_losses = false;
  variance.objective_unit = std::max(moments.covariance.diagonal().mean(), 1e-300);
  ProgrammeSolver solver(std::move(variance));
  ProgrammeOptions options;
  options.gap = 1e-2;
  return std::sqrt(std::max(0.0, solver.solve(options).lower_bound));
}

double deviation(const ScenarioMoments& moments, const VectorXd& x) {
  const VectorXd weights = x.head(moments.mean.size());
  return std::sqrt(std::max(0.0, weights.dot(moments.covariance * weights)));
}

[[noreturn]] void nothing_found() {
  throw NoSolutionError(
      "no weights were found with a greatest Sharpe ratio (the constraints "
      "leave next to no room) relax one of them");
}

/// By the homogeneous form. most: the largest mean excess of allowed weights.
SharpePoint by_cone(const ConvexProgramme& weights, const ScenarioMoments& moments, const FeasibleSet& feasible,
                    const VectorXd& excess, double most, double gap) {
  // The ratio does not depend on the level; one of the size of an excess keeps
  // k near 1.
  const double level = std::min(most, excess.cwiseAbs().maxCoeff());
  std::vector<long> origin;
  ProgrammeSolver solver(cone_programme(weights, moments, feasible, excess, level, origin));
  ProgrammeOptions precise;
  precise.gap = 0.1 * gap;
  precise.exact = true;
  const ProgrammeOutcome outcome = solver.solve(precise);
  const double scale = outcome.x.size() > 0 ? outcome.x[excess.size()] : 0.0;
  if (!(scale > 0.0)) nothing_found();
  SharpePoint found;
  found.x = snap_and_repair(weights.polytope, outcome.x.head(excess.size()) / scale, 1e-13);
  found.limits = outcome.duals.limits;
  found.iterations = outcome.iterations;
  if (found.limits.slope.size() == 0) found.limits.slope = VectorXd::Zero(excess.size() + 1);
  // The multipliers in the weights: k is 1 there, and they are those of the ratio.
  const double risk = deviation(moments, found.x);
  const double to_excess = excess.dot(found.x) / risk / (2.0 * risk * scale);
  found.limits.constant = to_excess * (found.limits.constant + found.limits.slope[excess.size()]);
  found.limits.slope = VectorXd(to_excess * found.limits.slope.head(excess.size()));
  found.row_dual = VectorXd::Zero(weights.polytope.rows.rows());
  for (std::size_t i = 0; i < origin.size() && long(i) < outcome.duals.row.size(); ++i) {
    if (origin[i] >= 0) found.row_dual[origin[i]] += to_excess * outcome.duals.row[long(i)];
  }
  return found;
}

/// Under limits on the tracking error, which k turns into cones that are no quadratics: most excess'w - r sd(w), r the
/// ratio of the last weights w_0 (Dinkelbach 1967). First with sd(w) <= (sd_0 + w'Sw / sd_0) / 2, by which the ratio
/// never falls; then, near the greatest, with the second-order expansion of sd (Newton), which doubles the digits a
/// step.
SharpePoint by_ratios(const ConvexProgramme& weights, const ScenarioMoments& moments, const VectorXd& excess,
                      double gap) {
  constexpr int kMostRatios = 60;
  constexpr int kMostExpansions = 5;
  constexpr double kNear = 0.1;  ///< relative changes that the expansion serves
  const Eigen::MatrixXd& covariance = moments.covariance;
  const long n = covariance.rows();
  ConvexProgramme programme = weights;
  programme.cost = -excess;
  programme.objective_unit = excess.cwiseAbs().maxCoeff();
  programme.value_floor = 1e-2 * programme.objective_unit;
  ProgrammeSolver solver(std::move(programme));
  ProgrammeOptions options;
  options.gap = 1e-6;
  ProgrammeOutcome outcome = solver.solve(options);
  SharpePoint found;
  double last = 0.0, best = -kNoLimit;
  bool expand = false;
  int expansions = 0;
  for (int k = 0; k < kMostRatios; ++k) {
    if (outcome.x.size() == 0) nothing_found();
    const double risk = deviation(moments, outcome.x), ratio = excess.dot(outcome.x) / risk;
    found.iterations += outcome.iterations;
    if (expand && !(ratio >= best * (1.0 - 0.1 * gap))) {  // the expansion has gone too far
      expand = false;
      outcome.x = found.x;
      outcome.duals.tail = VectorXd();
      continue;
    }
    best = std::max(best, ratio);
    const double step = found.x.size() > 0 ? (outcome.x - found.x).head(n).cwiseAbs().maxCoeff() : kNoLimit;
    found.x = outcome.x;
    found.limits = outcome.duals.limits;
    found.row_dual = outcome.duals.row;
    if (!(ratio > 0.0) || !std::isfinite(ratio)) break;
    // The ratio is flat where it is greatest: the bound wants the slope of the risk as well to stand still.
    const double curvature = ratio / risk, change = std::abs(curvature - last);
    last = curvature;
    // What the expansion misses is of the order of the step's square.
    if (expand && change <= 0.1 * gap * curvature && (step <= 1e-9 || expansions >= kMostExpansions)) break;
    expand = expand || change <= kNear * curvature;
    Eigen::MatrixXd hessian = curvature * covariance;
    VectorXd cost = -excess;
    if (expand) {
      ++expansions;
      const VectorXd slope = covariance * outcome.x.head(n) / risk;
      hessian -= curvature * slope * slope.transpose();
      cost.head(n) += curvature * risk * slope;  // the expansion's own is 0 at w_0
      options.gap = std::min(1e-9, 0.1 * gap);
      options.exact = true;
    }
    solver.set_objective(cost, hessian);
    outcome = solver.solve(options, {outcome.x, {}, outcome.duals.tail});
  }
  if (found.x.size() == 0 || !(excess.dot(found.x) > 0.0)) nothing_found();
  if (found.limits.slope.size() == 0) found.limits.slope = VectorXd::Zero(excess.size());
  if (found.row_dual.size() == 0) found.row_dual = VectorXd::Zero(weights.polytope.rows.rows());
  return found;
}

}  // namespace

OptimizationResult optimise_max_sharpe(std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                                       const OptimizeOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  const ScenarioSet& scenarios = sets[0];
  check_gap(options.gap);
  if (!scenarios.liability.empty()) {
    throw key_error("optimize.loss",
                    "the Sharpe ratio knows no liability (it "
                    "is a ratio of returns) set loss: return");
  }
  const long n = long(scenarios.assets);
  const ConvexProgramme weights = portfolio_programme(sets, feasible);
  const ScenarioMoments moments = scenario_moments(scenarios);
  const VectorXd excess = mean_excess(moments, feasible, options.risk_free);

  LinearProgram programme(weights.polytope.bounded);
  const VectorXd cost = -excess;
  programme.minimise({cost.data(), std::size_t(cost.size())});
  const std::vector<double> vertex = programme.solution();
  const double most = excess.dot(Eigen::Map<const VectorXd>(vertex.data(), excess.size()));
  if (!(most > 1e-12 * excess.cwiseAbs().maxCoeff())) {
    throw NoSolutionError(
        fmt::format("no weights have a positive Sharpe ratio (the greatest "
                    "expected return over the riskless one is "
                    "{:.6g}) use another objective, or relax the constraints",
                    most));
  }
  const SharpePoint found = weights.quadratics.empty() ? by_cone(weights, moments, feasible, excess, most, options.gap)
                                                       : by_ratios(weights, moments, excess, options.gap);
  const VectorXd& x = found.x;
  require_bounded_weights(weights.polytope, x, scenarios);
  const VectorXd covariance = moments.covariance * x.head(n);
  const double risk = deviation(moments, x);
  // Less than a ten-millionth of an asset's deviation is what rounding leaves of none.
  if (risk < std::max(1e-5 * excess.dot(x), 1e-7 * std::sqrt(moments.covariance.diagonal().mean()))) {
    throw NoSolutionError(fmt::format(
        "the Sharpe ratio has no maximum (some weights earn {:.3g} more than the riskless return at no risk "
        "in {} scenarios of {} assets) check the scenarios and risk_free; have more scenarios than assets",
        excess.dot(x), scenarios.scenarios, scenarios.assets));
  }
  const double ratio = excess.dot(x) / risk;
  const VectorXd risk_slope = covariance / risk;
  const SharpeBound bound = RatioBounder(weights, excess, risk_slope, found)(
      ratio, risk, options.gap, [&] { return least_deviation(weights, moments); });

  OptimizationResult result;
  result.objective = "max_sharpe";
  result.weights.assign(x.data(), x.data() + n);
  result.value = -ratio;
  result.status = "stalled";
  if (bound.ratio < kNoLimit) {
    result.lower_bound = -bound.ratio;
    result.relative_gap = (bound.ratio - ratio) / ratio;
    if (*result.relative_gap <= options.gap) result.status = "optimal";
    for (long i = 0; i < n; ++i) result.reduced_cost.push_back(bound.certificate.reduced_cost[i] / risk);
    for (std::size_t i = 0; i < feasible.rows.size(); ++i) {
      const LinearConstraint& row = feasible.rows[i];
      const double price = bound.row_dual[long(i)] / risk;
      if (row.defines || std::abs(price) < 1e-7 * ratio) continue;
      result.shadow_prices.push_back({row.name, (price > 0 ? row.lower : row.upper) - row.shift, price});
    }
  }
  result.iterations = found.iterations;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace ballast
