#include <cmath>

#include <doctest/doctest.h>

#include "engine/optimize/constraints.h"
#include "engine/optimize/cvar.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;
using namespace ballast::test;
using Eigen::VectorXd;

namespace {

struct Fixture {
  std::size_t assets;
  std::vector<double> growth;
  ScenarioSet set;
  ScenarioMoments moments;

  Fixture(std::uint64_t seed, std::size_t n, std::size_t count) : assets(n), growth(factor_returns(seed, count, n)) {
    set.scenarios = count;
    set.assets = n;
    set.growth = growth.data();
    moments = scenario_moments(set);
  }
  VectorXd vector(const std::vector<double>& weights) const {
    return Eigen::Map<const VectorXd>(weights.data(), long(weights.size()));
  }
};

FeasibleSet free_weights(std::size_t n) {
  FeasibleSet set;
  set.lower.assign(n, -kNoLimit);
  set.upper.assign(n, kNoLimit);
  add_budget(set, n);
  return set;
}

}  // namespace

TEST_CASE("mean_variance without bounds: the closed form") {
  const Fixture f(3, 8, 2000);
  OptimizeOptions options;
  options.gap = 1e-8;
  options.risk_aversion = 3.0;
  const OptimizationResult result = optimise(Objective::mean_variance, f.set, free_weights(8), options);
  // max mu'w - a/2 w'Sw over 1'w = 1: w = S^-1 (mu - g 1) / a, g so that the weights add to 1.
  const auto solve = f.moments.covariance.ldlt();
  const VectorXd m = solve.solve(f.moments.mean), one = solve.solve(VectorXd::Ones(8));
  const VectorXd expected = (m - one * ((m.sum() - 3.0) / one.sum())) / 3.0;
  CHECK(result.status == "optimal");
  CHECK((f.vector(result.weights) - expected).cwiseAbs().maxCoeff() < 1e-7);
  const double value = 1.5 * expected.dot(f.moments.covariance * expected) - f.moments.mean.dot(expected);
  CHECK(result.value == doctest::Approx(value).epsilon(1e-8));
}

TEST_CASE("risk parity: equal shares of the variance to 1e-8, and inverse volatilities without correlation") {
  for (std::size_t n : {2, 10, 60, 300}) {
    const Fixture f(4 + n, n, 3000);
    const OptimizationResult result = optimise(Objective::risk_parity, f.set, long_only_simplex(n));
    const VectorXd w = f.vector(result.weights), share = w.cwiseProduct(f.moments.covariance * w);
    CHECK(result.status == "optimal");
    CHECK(w.sum() == doctest::Approx(1.0).epsilon(1e-14));
    CHECK(w.minCoeff() > 0.0);
    CHECK((share / share.sum() - VectorXd::Constant(long(n), 1.0 / double(n))).cwiseAbs().maxCoeff() < 1e-8);
    CHECK(result.value == doctest::Approx(std::sqrt(share.sum())).epsilon(1e-12));
  }
  // Two assets, budgets 0.2 and 0.8 of one with no correlation: w_i proportional to sqrt(b_i) / sd_i.
  std::vector<double> growth{0.1, 0.3, 0.1, -0.3, -0.1, 0.3, -0.1, -0.3};
  ScenarioSet set;
  set.scenarios = 4;
  set.assets = 2;
  set.growth = growth.data();
  OptimizeOptions options;
  options.risk_budget = {0.2, 0.8};
  const OptimizationResult two = optimise(Objective::risk_parity, set, long_only_simplex(2), options);
  const double first = std::sqrt(0.2) / 0.1, second = std::sqrt(0.8) / 0.3;
  CHECK(two.weights[0] == doctest::Approx(first / (first + second)).epsilon(1e-10));
}

TEST_CASE("risk parity within other constraints is local and says so") {
  const Fixture f(9, 6, 2000);
  FeasibleSet feasible = long_only_simplex(6);
  feasible.upper.assign(6, 0.2);
  const OptimizationResult result = optimise(Objective::risk_parity, f.set, feasible);
  CHECK(result.status == "local");
  CHECK_FALSE(result.lower_bound);
  CHECK(f.vector(result.weights).maxCoeff() <= 0.2 + 1e-9);
  // Bounds that do not bind leave the solution what it is without.
  feasible.upper.assign(6, 0.9);
  const OptimizationResult loose = optimise(Objective::risk_parity, f.set, feasible);
  const OptimizationResult free = optimise(Objective::risk_parity, f.set, long_only_simplex(6));
  CHECK((f.vector(loose.weights) - f.vector(free.weights)).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("CVaR budgets: shares of the tail's mean loss") {
  for (const bool equal : {true, false}) {
    const Fixture f(21, 8, 4000);
    OptimizeOptions options;
    options.confidence = 0.95;  // 200 scenarios of the tail
    if (!equal) options.risk_budget = {0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05};
    const OptimizationResult result = optimise(Objective::cvar_budget, f.set, long_only_simplex(8), options);
    CHECK(result.status == "optimal");
    CHECK(*result.residual < 1e-8);
    const TailRisk risk = tail_risk(f.set, result.weights, 0.95);
    CHECK(result.value == doctest::Approx(risk.cvar).epsilon(1e-9));
    // Without splitting the ties that the optimum has at VaR, shares are right up to those scenarios' weight.
    VectorXd share = VectorXd::Zero(8);
    for (std::size_t s = 0; s < 4000; ++s) {
      double loss = 0.0;
      for (std::size_t i = 0; i < 8; ++i) loss -= result.weights[i] * f.growth[8 * s + i];
      if (loss < risk.var - 1e-12) continue;
      for (std::size_t i = 0; i < 8; ++i) share[long(i)] -= result.weights[i] * f.growth[8 * s + i] / 200.0;
    }
    for (long i = 0; i < 8; ++i) {
      const double budget = equal ? 0.125 : options.risk_budget[std::size_t(i)];
      CHECK(std::abs(share[i] / risk.cvar - budget) < 0.05);
    }
  }
}

TEST_CASE("CVaR budgets far from equal weights: a quiet asset, few scenarios, tails of every size") {
  for (std::uint64_t seed : {11, 12, 13}) {
    Fixture f(seed, 7, 323);
    for (std::size_t s = 0; s < 323; ++s) f.growth[7 * s] *= 0.2;
    for (double confidence : {0.5, 0.8, 0.95}) {
      CAPTURE(seed);
      CAPTURE(confidence);
      OptimizeOptions options;
      options.confidence = confidence;
      const OptimizationResult result = optimise(Objective::cvar_budget, f.set, long_only_simplex(7), options);
      CHECK(result.status == "optimal");
      CHECK(*result.residual < 1e-9);
      CHECK(result.value == doctest::Approx(tail_risk(f.set, result.weights, confidence).cvar).epsilon(1e-9));
    }
  }
}

TEST_CASE("a limit on the tracking error, against minimum variance in closed form") {
  // Least variance within a tracking error of b: w = b - c (b - m), m the minimum-variance weights, while it binds.
  const Fixture f(12, 10, 3000);
  const VectorXd one = f.moments.covariance.ldlt().solve(VectorXd::Ones(10)), least = one / one.sum();
  const VectorXd benchmark = VectorXd::Constant(10, 0.1), away = benchmark - least;
  const double whole = std::sqrt(away.dot(f.moments.covariance * away));
  FeasibleSet feasible = free_weights(10);
  feasible.lower.assign(10, -2.0);
  feasible.upper.assign(10, 2.0);
  feasible.tracking_limits = {{"optimize.constraints.tracking_error", std::vector<double>(10, 0.1), 0.4 * whole}};
  OptimizeOptions options;
  options.gap = 1e-8;
  const OptimizationResult result = optimise(Objective::min_variance, f.set, feasible, options);
  CHECK(result.status == "optimal");
  const VectorXd expected = benchmark - 0.4 * away;
  CHECK(result.value == doctest::Approx(expected.dot(f.moments.covariance * expected)).epsilon(1e-7));
  REQUIRE_FALSE(result.shadow_prices.empty());
  // Not attainable: names the least there is.
  FeasibleSet fixed = long_only_simplex(10);
  fixed.lower[0] = 0.9;
  fixed.tracking_limits = {{"optimize.constraints.tracking_error", std::vector<double>(10, 0.1), 1e-4}};
  CHECK_THROWS_WITH_AS(optimise(Objective::min_cvar, f.set, fixed), doctest::Contains("tracking_error: at most 0.0001"),
                       NoSolutionError);
}

TEST_CASE("a CVaR limit that is too low: the least attainable, certified") {
  const Fixture f(14, 12, 4000);
  const OptimizationResult least = optimise(Objective::min_cvar, f.set, long_only_simplex(12));
  FeasibleSet feasible = long_only_simplex(12);
  feasible.cvar_limits = {{"optimize.constraints.max_cvar", 0.95, 0.9 * least.value}};
  CHECK_THROWS_WITH_AS(optimise(Objective::max_return, f.set, feasible), doctest::Contains("the least attainable is"),
                       NoSolutionError);
  feasible.cvar_limits = {{"first", 0.5, 1.0}, {"second", 0.95, 0.9 * least.value}};
  CHECK_THROWS_WITH_AS(optimise(Objective::max_return, f.set, feasible), doctest::Contains("ones: second: at most"),
                       NoSolutionError);
  // Just above the least there is hardly any room, but some.
  feasible.cvar_limits = {{"first", 0.95, 1.0001 * least.value}};
  const OptimizationResult tight = optimise(Objective::max_return, f.set, feasible);
  CHECK(tail_risk(f.set, tight.weights, 0.95).cvar <= 1.0001 * least.value + 1e-9);
}

TEST_CASE("shadow prices are slopes of the optimum") {
  const Fixture f(17, 10, 3000);
  auto solved = [&](double min_return, double most) {
    FeasibleSet feasible = long_only_simplex(10);
    LinearConstraint row{"return", {}, min_return, kNoLimit};
    for (long i = 0; i < 10; ++i) row.terms.emplace_back(int(i), f.moments.mean[i]);
    feasible.rows.push_back(row);
    feasible.cvar_limits = {{"limit", 0.5, most}};
    OptimizeOptions options;
    options.gap = 1e-9;
    return optimise(Objective::mean_variance, f.set, feasible, options);
  };
  const double most = 0.012, target = 0.0065, h = 1e-5;
  const OptimizationResult at = solved(target, most);
  for (const ShadowPrice& price : at.shadow_prices) {
    if (price.constraint == "return") {
      const double slope = (solved(target + h, most).value - solved(target - h, most).value) / (2 * h);
      CHECK(price.price == doctest::Approx(slope).epsilon(1e-2));
    }
    if (price.constraint == "limit") {
      const double slope = (solved(target, most + h).value - solved(target, most - h).value) / (2 * h);
      CHECK(price.price == doctest::Approx(slope).epsilon(3e-2));
    }
  }
}

TEST_CASE("units of a millionth and of a million give the same weights' risk") {
  for (const double unit : {1e-6, 1e6}) {
    Fixture f(19, 8, 2000), scaled(19, 8, 2000);
    for (double& g : scaled.growth) g *= unit;
    for (Objective objective : {Objective::min_variance, Objective::max_sharpe, Objective::risk_parity,
                                Objective::cvar_budget, Objective::min_cvar}) {
      CAPTURE(name_of(objective));
      const OptimizationResult a = optimise(objective, f.set, long_only_simplex(8));
      const OptimizationResult b = optimise(objective, scaled.set, long_only_simplex(8));
      CHECK(b.status == "optimal");
      CHECK((f.vector(a.weights) - f.vector(b.weights)).cwiseAbs().maxCoeff() < 1e-3);
    }
  }
}
