#include <fstream>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "engine/optimize/constraints.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/quadratic_polish.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;
using namespace ballast::test;
using Eigen::VectorXd;

namespace {

struct Fixture {
  std::size_t assets, scenarios;
  std::vector<double> growth;
  ScenarioSet set;
  ScenarioMoments moments;
  FeasibleSet free;  // weights of any sign that add to one

  Fixture(std::uint64_t seed, std::size_t n, std::size_t count)
      : assets(n), scenarios(count), growth(factor_returns(seed, count, n)) {
    set.scenarios = count;
    set.assets = n;
    set.growth = growth.data();
    moments = scenario_moments(set);
    free.lower.assign(n, -kNoLimit);
    free.upper.assign(n, kNoLimit);
    add_budget(free, n);
  }
};

ScenarioSet scenario_set(const std::vector<double>& growth, std::size_t assets) {
  ScenarioSet set;
  set.assets = assets;
  set.scenarios = growth.size() / assets;
  set.growth = growth.data();
  return set;
}

double distance(const std::vector<double>& weights, const VectorXd& expected) {
  return (Eigen::Map<const VectorXd>(weights.data(), expected.size()) - expected).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("moments against the definition, liability and probabilities included") {
  Fixture f(1, 4, 700);
  std::vector<double> p, l;
  double total = 0.0;
  for (std::size_t s = 0; s < 700; ++s) {
    p.push_back(uniform(8, s));
    l.push_back(uniform(9, s) + f.growth[4 * s]);
    total += p[s];
  }
  for (double& e : p) e /= total;
  f.set.probability = p;
  f.set.liability = l;
  const ScenarioMoments m = scenario_moments(f.set);
  auto value = [&](std::size_t s, std::size_t i) { return i < 4 ? f.growth[4 * s + i] : l[s]; };
  double mean[5] = {};
  for (std::size_t s = 0; s < 700; ++s) {
    for (std::size_t i = 0; i < 5; ++i) mean[i] += p[s] * value(s, i);
  }
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      double sum = 0.0;
      for (std::size_t s = 0; s < 700; ++s) sum += p[s] * (value(s, i) - mean[i]) * (value(s, j) - mean[j]);
      const double found = i < 4 && j < 4 ? m.covariance(long(i), long(j))
                           : i < 4        ? m.liability_covariance[long(i)]
                           : j < 4        ? m.liability_covariance[long(j)]
                                          : m.liability_variance;
      CHECK(found == doctest::Approx(sum).epsilon(1e-11));
    }
  }
}

TEST_CASE("minimum variance without bounds is S^-1 1 / 1'S^-1 1") {
  for (std::size_t n : {2, 5, 20}) {
    const Fixture f(n, n, 2000);
    const OptimizationResult result = optimise(Objective::min_variance, f.set, f.free, {.gap = 1e-8});
    const VectorXd s = f.moments.covariance.ldlt().solve(VectorXd::Ones(long(n)));
    CHECK(result.status == "optimal");
    CHECK(result.value == doctest::Approx(1.0 / s.sum()).epsilon(1e-8));
    CHECK(distance(result.weights, s / s.sum()) < 1e-4);
  }
}

TEST_CASE("the greatest Sharpe ratio without bounds is the tangency portfolio S^-1 m / 1'S^-1 m") {
  for (std::size_t n : {2, 5, 20}) {
    const Fixture f(10 + n, n, 2000);
    const double risk_free = f.moments.mean.minCoeff() - 0.002;
    const OptimizationResult result =
        optimise(Objective::max_sharpe, f.set, f.free, {.gap = 1e-8, .risk_free = risk_free});
    const VectorXd m = f.moments.mean.array() - risk_free, s = f.moments.covariance.ldlt().solve(m);
    REQUIRE(s.sum() > 0.0);
    CHECK(result.status == "optimal");
    CHECK(-result.value == doctest::Approx(std::sqrt(m.dot(s))).epsilon(1e-8));
    CHECK(distance(result.weights, s / s.sum()) < 1e-4);
  }
}

TEST_CASE("long-only optima satisfy the Karush-Kuhn-Tucker conditions and are certified") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::size_t n = 5 * std::size_t(seed);
    const Fixture f(30 + seed, n, 3000);
    CAPTURE(n);
    const OptimizationResult least = optimise(Objective::min_variance, f.set, long_only_simplex(n));
    CHECK(least.status == "optimal");
    CHECK(*least.relative_gap <= 1e-6);
    const VectorXd w = Eigen::Map<const VectorXd>(least.weights.data(), long(n)), g = f.moments.covariance * w;
    CHECK(w.sum() == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(w.minCoeff() >= 0.0);
    for (long i = 0; i < long(n); ++i) CHECK(g[i] >= w.dot(g) * (1 - 1e-5));  // least where held
    const OptimizationResult best = optimise(Objective::max_sharpe, f.set, long_only_simplex(n));
    CHECK(best.status == "optimal");
    const VectorXd v = Eigen::Map<const VectorXd>(best.weights.data(), long(n));
    CHECK(v.sum() == doctest::Approx(1.0).epsilon(1e-12));
    const double mean = f.moments.mean.dot(v), variance = v.dot(f.moments.covariance * v);
    CHECK(-best.value == doctest::Approx(mean / std::sqrt(variance)).epsilon(1e-10));
    const VectorXd slope = f.moments.mean / mean - f.moments.covariance * v / variance;  // of log Sharpe
    CHECK(slope.maxCoeff() < 1e-4);
    CHECK(*best.lower_bound <= best.value);
  }
}

TEST_CASE("a quadratic's minimum from any start against every set of assets held") {
  for (std::uint64_t seed = 30; seed < 50; ++seed) {
    CAPTURE(seed);
    const long n = 6;
    const Fixture f(seed, std::size_t(n), 60);
    const Polytope polytope = make_polytope(long_only_simplex(std::size_t(n)), std::size_t(n));
    const Eigen::MatrixXd& hessian = f.moments.covariance;
    const VectorXd cost = -0.5 * f.moments.mean;
    auto value = [&](const VectorXd& x) { return cost.dot(x) + 0.5 * x.dot(hessian * x); };
    // Each set of assets: least value with weights of any sign that add to one, where they come out as positive.
    double least = kNoLimit;
    for (unsigned held = 1; held < (1u << n); ++held) {
      Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + 1, n + 1);
      VectorXd right = VectorXd::Zero(n + 1);
      right[n] = 1.0;
      for (long i = 0; i < n; ++i) {
        if (!(held >> i & 1u)) {
          system(i, i) = 1.0;
          continue;
        }
        right[i] = -cost[i];
        system(i, n) = system(n, i) = 1.0;
        for (long j = 0; j < n; ++j) system(i, j) = held >> j & 1u ? hessian(i, j) : 0.0;
      }
      const VectorXd x = system.fullPivLu().solve(right).head(n);
      if (x.minCoeff() >= 0.0) least = std::min(least, value(x));
    }
    std::vector<VectorXd> starts{VectorXd::Constant(n, 1.0 / double(n))};
    for (long i = 0; i < n; ++i) starts.push_back(VectorXd::Unit(n, i));
    for (const VectorXd& start : starts) {
      const QuadraticOptimum found = polish_quadratic(hessian, cost, polytope, start);
      CHECK(found.optimal);
      const VectorXd& x = found.x;
      CHECK(violation(polytope, x) <= 1e-12);
      CHECK(value(x) == doctest::Approx(least).epsilon(1e-12));
    }
  }
}

TEST_CASE("a Sharpe ratio without greatest is told") {
  // Half of each earns 1% in both scenarios.
  const std::vector<double> growth{0.10, -0.08, -0.08, 0.10};
  const ScenarioSet set = scenario_set(growth, 2);
  for (bool tracked : {false, true}) {
    FeasibleSet feasible = long_only_simplex(2);
    if (tracked) feasible.tracking_limits.push_back({"tracking_error", {0.6, 0.4}, 0.05});
    CHECK_THROWS_WITH_AS(optimise(Objective::max_sharpe, set, feasible),
                         doctest::Contains("no maximum (some weights earn 0.01 more than the riskless return"),
                         NoSolutionError);
  }
}

TEST_CASE("Sharpe ratios and variances are certified where assets are many and scenarios few") {
  std::uint64_t seed = 700;
  for (auto [assets, scenarios] : {std::pair<std::size_t, std::size_t>{49, 603}, {115, 690}, {80, 87}, {34, 116}}) {
    CAPTURE(assets);
    const std::vector<double> growth = hedgeable_returns(++seed, scenarios, assets);
    const ScenarioSet set = scenario_set(growth, assets);
    FeasibleSet few = long_only_simplex(assets), shorts = few;
    few.upper.assign(assets, 0.1);
    shorts.lower.assign(assets, -0.2);
    shorts.upper.assign(assets, 0.5);
    for (const FeasibleSet& feasible : {few, shorts}) {
      for (Objective objective : {Objective::max_sharpe, Objective::min_variance}) {
        const OptimizationResult result = optimise(objective, set, feasible, {.gap = 1e-8});
        CAPTURE(result.objective);
        CHECK(result.status == "optimal");
        CHECK(*result.relative_gap <= 1e-8);
      }
    }
  }
}

TEST_CASE("costs, turnover and tracking error of many assets: certified, and nothing runs off") {
  std::uint64_t seed = 800;
  for (auto [assets, scenarios] : {std::pair<std::size_t, std::size_t>{87, 900}, {90, 500}, {60, 120}}) {
    CAPTURE(assets);
    const std::vector<double> growth = hedgeable_returns(++seed, scenarios, assets);
    const ScenarioSet set = scenario_set(growth, assets);
    std::vector<std::string> names;
    std::map<std::string, double> even;
    for (std::size_t i = 0; i < assets; ++i) {
      names.push_back("asset " + std::to_string(i));
      even[names.back()] = 1.0 / double(assets);
    }
    TradingCostParameters costs;
    costs.from = even;
    costs.cost.all = 0.002;
    ConstraintParameters constraints;
    constraints.turnover.emplace();
    constraints.turnover->from = even;
    constraints.turnover->max = 0.8;
    ConstraintInputs inputs;
    inputs.trading_costs = &costs;
    for (bool tracked : {false, true}) {
      CAPTURE(tracked);
      if (tracked) {
        constraints.tracking_error.emplace();
        constraints.tracking_error->benchmark = even;
        constraints.tracking_error->max = 0.02;
      }
      const FeasibleSet feasible = feasible_set(constraints, names, inputs);
      for (Objective objective : {Objective::min_variance, Objective::min_cvar, Objective::mean_cvar}) {
        const OptimizationResult result = optimise(objective, set, feasible);
        CAPTURE(result.objective);
        CHECK(result.status == "optimal");
        CHECK(*result.relative_gap <= 1e-6);
      }
    }
  }
}

TEST_CASE("the greatest Sharpe ratio within a tracking error") {
  const std::size_t n = 15;
  const Fixture f(60, n, 3000);
  const VectorXd even = VectorXd::Constant(long(n), 1.0 / double(n));
  FeasibleSet feasible = long_only_simplex(n);
  const OptimizeOptions options{.gap = 1e-6};
  const OptimizationResult free = optimise(Objective::max_sharpe, f.set, feasible, {.gap = 1e-8});
  const VectorXd best = Eigen::Map<const VectorXd>(free.weights.data(), long(n));
  auto error = [&](const VectorXd& w) { return std::sqrt((w - even).dot(f.moments.covariance * (w - even))); };
  auto ratio = [&](const VectorXd& w) { return f.moments.mean.dot(w) / std::sqrt(w.dot(f.moments.covariance * w)); };
  feasible.tracking_limits = {{"te", std::vector<double>(n, 1.0 / double(n)), 1.01 * error(best)}};
  const OptimizationResult loose = optimise(Objective::max_sharpe, f.set, feasible, options);
  CHECK(loose.status == "optimal");
  CHECK(loose.value == doctest::Approx(free.value).epsilon(1e-8));
  feasible.tracking_limits[0].max = 0.3 * error(best);
  const OptimizationResult tight = optimise(Objective::max_sharpe, f.set, feasible, options);
  CHECK(tight.status == "optimal");
  CHECK(*tight.relative_gap <= 1e-6);
  const VectorXd found = Eigen::Map<const VectorXd>(tight.weights.data(), long(n));
  CHECK(error(found) <= 0.3 * error(best) * (1 + 1e-9));
  CHECK(error(found) >= 0.3 * error(best) * (1 - 1e-4));  // it binds
  CHECK(-tight.value == doctest::Approx(ratio(found)).epsilon(1e-12));
  // No allowed weights nearby do better.
  for (std::uint64_t k = 0; k < 2000; ++k) {
    VectorXd way(static_cast<long>(n));
    for (long i = 0; i < way.size(); ++i) way[i] = bell(70 + k % 4, k * n + std::uint64_t(i));
    VectorXd w = (found + std::pow(10.0, -double(k % 5)) * 0.1 * (way.array() - way.mean()).matrix()).cwiseMax(0.0);
    w /= w.sum();
    const double away = error(w);
    if (away > feasible.tracking_limits[0].max) w = even + feasible.tracking_limits[0].max / away * (w - even);
    CHECK(ratio(w) <= -tight.value * (1 + 1e-7));
  }
}

TEST_CASE("constraints of a study: groups, boxes, return, turnover") {
  const std::size_t n = 12;
  const Fixture f(77, n, 3000);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back(std::string(1, char('a' + i)));
  ConstraintParameters constraints;
  constraints.max_weight = WeightBound{0.2, {}};
  constraints.min_return = 0.005;
  constraints.groups = {{{"a", "b", "c"}, 0.1, 0.3}};
  constraints.turnover = TurnoverParameters{{}, 0.9};
  for (const std::string& name : names) constraints.turnover->from[name] = 1.0 / double(n);
  const FeasibleSet feasible = feasible_set(constraints, names, mean_growth(f.set));
  for (Objective objective : {Objective::min_variance, Objective::max_sharpe}) {
    CAPTURE(name_of(objective));
    const OptimizationResult result = optimise(objective, f.set, feasible);
    CHECK(result.status == "optimal");
    double moved = 0.0, earned = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      moved += std::abs(result.weights[i] - 1.0 / double(n));
      earned += result.weights[i] * f.moments.mean[long(i)];
      sum += result.weights[i];
      CHECK(result.weights[i] >= -1e-12);
      CHECK(result.weights[i] <= 0.2 + 1e-9);
    }
    CHECK(moved <= 0.9 + 1e-8);
    CHECK(earned >= 0.005 - 1e-10);
    CHECK(sum == doctest::Approx(1.0).epsilon(1e-10));
    CHECK(result.weights[0] + result.weights[1] + result.weights[2] <= 0.3 + 1e-9);
  }
}

TEST_CASE("minimum variance hedges a liability") {
  Fixture f(3, 4, 1000);
  std::vector<double> liability;
  for (std::size_t s = 0; s < 1000; ++s) liability.push_back(0.3 * f.growth[4 * s] + 0.7 * f.growth[4 * s + 2]);
  f.set.liability = liability;
  const OptimizationResult result = optimise(Objective::min_variance, f.set, long_only_simplex(4));
  CHECK(result.value < 1e-12);
  CHECK(result.weights[0] == doctest::Approx(0.3).epsilon(1e-4));
  CHECK(result.weights[2] == doctest::Approx(0.7).epsilon(1e-4));
}

TEST_CASE("the same bits for one and two threads") {
  const Fixture f(5, 15, 20000);
  for (Objective objective : {Objective::min_variance, Objective::max_sharpe}) {
    std::vector<std::vector<double>> weights;
    for (int threads : {1, 2}) {
      set_threads(threads);
      weights.push_back(optimise(objective, f.set, long_only_simplex(15)).weights);
    }
    CHECK(weights[0] == weights[1]);
    set_threads(0);
  }
}

TEST_CASE("a Sharpe ratio that does not exist is refused") {
  Fixture f(5, 3, 500);
  CHECK_THROWS_WITH_AS(optimise(Objective::max_sharpe, f.set, long_only_simplex(3), {.risk_free = 0.5}),
                       doctest::Contains("no weights have a positive Sharpe ratio"), NoSolutionError);
  for (std::size_t s = 0; s < 500; ++s) f.growth[3 * s] = 0.01;
  CHECK_THROWS_WITH_AS(optimise(Objective::max_sharpe, f.set, long_only_simplex(3)), doctest::Contains("no risk"),
                       NoSolutionError);
  const std::vector<double> liability(500, 1.0);
  f.set.liability = liability;
  CHECK_THROWS_AS(optimise(Objective::max_sharpe, f.set, long_only_simplex(3)), InputError);
}
