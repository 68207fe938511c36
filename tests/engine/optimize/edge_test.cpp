#include <functional>

#include <doctest/doctest.h>

#include "engine/optimize/cvar.h"
#include "engine/optimize/linear_program.h"
#include "engine/optimize/min_cvar.h"
#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;
using namespace ballast::test;

namespace {

struct Reference {
  double value;     ///< the programme's, right to its tolerance of 1e-9 a row
  double attained;  ///< the exact CVaR of its weights: no optimum lies above
};

/// The primal linear programme of Rockafellar & Uryasev (2000), a shortfall a scenario: slow and obvious.
Reference primal_optimum(const Instance& instance) {
  FeasibleSet lp = instance.feasible;
  const std::size_t variables = lp.variables();
  std::vector<double> cost(variables, 0.0);
  auto add_variable = [&](double lower, double price) {
    lp.lower.push_back(lower);
    lp.upper.push_back(kNoLimit);
    cost.push_back(price);
    return int(lp.variables() - 1);
  };
  const ScenarioSet set = instance.set();
  double mass = 0.0;
  for (std::size_t s = 0; s < set.scenarios; ++s) mass += set.mass_of(s);
  const int var = add_variable(-kNoLimit, 1.0);
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    const int shortfall = add_variable(0.0, set.mass_of(s) / (mass * (1.0 - instance.confidence)));
    LinearConstraint row{"", {{shortfall, 1.0}, {var, 1.0}}, set.liability_of(s), kNoLimit};
    for (std::size_t i = 0; i < set.assets; ++i) row.terms.emplace_back(int(i), set.row(s)[i]);
    lp.rows.push_back(std::move(row));
  }
  LinearProgram programme(lp);
  REQUIRE(programme.minimise(cost) == LinearProgram::Status::optimal);
  std::vector<double> weights = programme.solution();
  weights.resize(set.assets);
  return {programme.value(), tail_risk(set, weights, instance.confidence).cvar};
}

Instance plain(std::uint64_t seed, std::size_t scenarios, std::size_t assets, double confidence = 0.95) {
  Instance instance;
  instance.assets = assets;
  instance.scenarios = scenarios;
  instance.confidence = confidence;
  instance.growth = factor_returns(seed, scenarios, assets);
  instance.feasible = long_only_simplex(assets);
  return instance;
}

OptimizationResult solve(const Instance& instance, double gap = 1e-9) {
  return minimise_cvar(instance.set(), instance.feasible, {.confidence = instance.confidence, .gap = gap});
}

void check_against_primal(Instance instance, double unit = 1.0, double gap = 1e-9) {
  const OptimizationResult result = solve(instance, gap);
  for (double& growth : instance.growth) growth /= unit;  // CLP's tolerances are absolute
  const Reference reference = primal_optimum(instance);
  const double size = std::max(std::abs(reference.value), 0.001);
  CHECK(result.status == "optimal");
  CHECK(result.value / unit >= reference.value - 1e-8 * std::max(size, 0.05));
  CHECK(result.value / unit <= reference.attained + 2.0 * gap * size);
  CHECK(*result.lower_bound / unit <= reference.attained + 1e-14);
  CHECK(*result.lower_bound <= result.value + 1e-14 * unit);
}

}  // namespace

TEST_CASE("ordinary small instances agree with the primal linear programme") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Instance instance = plain(seed, 40 + 23 * seed, 3 + seed, seed % 3 == 0 ? 0.9 : 0.95);
    if (seed % 2 == 0) instance.feasible.upper.assign(instance.assets, 0.35);
    check_against_primal(instance);
  }
}

TEST_CASE("tails of fewer scenarios than can be at VaR together agree with the primal linear programme") {
  std::uint64_t seed = 500;
  for (double confidence : {0.99, 0.999}) {
    for (auto [scenarios, assets] : {std::pair<std::size_t, std::size_t>{45, 54}, {85, 65}, {177, 87}, {300, 160}}) {
      CAPTURE(confidence);
      CAPTURE(scenarios);
      Instance instance = plain(++seed, scenarios, assets, confidence);
      instance.growth = hedgeable_returns(seed, scenarios, assets);
      check_against_primal(instance, 1.0, 1e-8);
    }
  }
}

TEST_CASE("degenerate scenarios agree with the primal linear programme") {
  Instance instance = plain(3, 300, 8);
  double unit = 1.0;
  SUBCASE("every scenario repeated") {
    for (std::size_t s = 0; s < 300; ++s) {
      for (std::size_t i = 0; i < 8; ++i) instance.growth[s * 8 + i] = instance.growth[s % 6 * 8 + i];
    }
  }
  SUBCASE("one scenario throughout") {
    for (std::size_t s = 0; s < 300; ++s) {
      for (std::size_t i = 0; i < 8; ++i) instance.growth[s * 8 + i] = instance.growth[i];
    }
  }
  SUBCASE("ties: returns rounded to percents") {
    for (double& g : instance.growth) g = std::round(g * 100.0) / 100.0;
  }
  SUBCASE("cash") {
    for (std::size_t s = 0; s < 300; ++s) instance.growth[s * 8] = 0.0005;
  }
  SUBCASE("identical assets") {
    for (std::size_t s = 0; s < 300; ++s)
      instance.growth[s * 8 + 1] = instance.growth[s * 8 + 2] = instance.growth[s * 8];
  }
  SUBCASE("one scenario") { instance = plain(3, 1, 8); }
  SUBCASE("two scenarios") { instance = plain(3, 2, 8, 0.5); }
  SUBCASE("fewer scenarios than assets") { instance = plain(4, 12, 30); }
  SUBCASE("confidence 0") { instance.confidence = 0.0; }
  SUBCASE("confidence 0.5") { instance.confidence = 0.5; }
  SUBCASE("confidence 0.999") { instance.confidence = 0.999; }
  SUBCASE("confidence 0.99999") { instance.confidence = 0.99999; }
  SUBCASE("a tail that is not a whole number") { instance.confidence = 0.9531; }
  SUBCASE("probability on a few scenarios only") {
    instance.probability.assign(300, 0.0);
    for (std::size_t s = 40; s < 60; ++s) instance.probability[s] = 0.05;
  }
  SUBCASE("one scenario with half the probability") {
    instance.probability.assign(300, 0.5 / 299.0);
    instance.probability[17] = 0.5;
  }
  SUBCASE("rows that repeat others") {
    instance.feasible.rows.push_back(instance.feasible.rows[0]);
    instance.feasible.rows.push_back(instance.feasible.rows[0]);
    instance.feasible.rows.back().upper = 2.0;
  }
  SUBCASE("fixed weights") {
    instance.feasible.lower.assign(8, 0.125);
    instance.feasible.upper.assign(8, 0.125);
  }
  SUBCASE("some fixed weights") {
    for (std::size_t i : {0, 3}) instance.feasible.lower[i] = instance.feasible.upper[i] = 0.1;
  }
  SUBCASE("no rows") {
    instance.feasible.rows.clear();
    instance.feasible.upper.assign(8, 1.0);
  }
  SUBCASE("units of a millionth") { unit = 1e-6; }
  SUBCASE("units of a million") { unit = 1e6; }
  SUBCASE("one huge value") { instance.growth[7 * 8 + 3] = 1e4; }
  for (double& g : instance.growth) g *= unit;
  check_against_primal(instance, unit);
}

TEST_CASE("all returns zero: nothing to lose, and known to be so") {
  Instance instance = plain(1, 5000, 20);
  instance.growth.assign(instance.growth.size(), 0.0);
  const OptimizationResult result = solve(instance);
  CHECK(result.status == "optimal");
  CHECK(result.value == 0.0);
  CHECK(*result.relative_gap == 0.0);
}

TEST_CASE("a liability that one asset hedges: the surplus is certain") {
  Instance instance = plain(5, 3000, 6);
  for (double& g : instance.growth) g += 1.0;
  for (std::size_t s = 0; s < 3000; ++s) instance.liability.push_back(instance.growth[s * 6 + 2]);
  const OptimizationResult result = solve(instance, 1e-6);
  CHECK(std::abs(result.value) <= 1e-10);
  CHECK(result.weights[2] == doctest::Approx(1.0).epsilon(1e-7));
  CHECK(result.status == "optimal");
}

TEST_CASE("a value that is not finite is an error naming scenario and asset") {
  Instance instance = plain(1, 2000, 5);
  ScenarioSet set = instance.set();
  set.asset_names = {"equity", "bonds", "gold", "property", "cash"};
  for (double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    instance.growth[1234 * 5 + 3] = bad;
    CHECK_THROWS_WITH_AS(minimise_cvar(set, instance.feasible), doctest::Contains("scenario 1235 of asset 'property'"),
                         InputError);
  }
  instance.growth[1234 * 5 + 3] = 0.0;
  instance.liability.assign(2000, 0.0);
  instance.liability[9] = std::nan("");
  set.liability = instance.liability;
  CHECK_THROWS_WITH_AS(minimise_cvar(set, instance.feasible), doctest::Contains("liability of scenario 10"),
                       InputError);
}

TEST_CASE("probabilities and sizes that make no sense are errors") {
  Instance instance = plain(1, 100, 5);
  instance.probability.assign(100, 0.02);
  CHECK_THROWS_WITH_AS(solve(instance), doctest::Contains("add to 2"), InputError);
  instance.probability.assign(100, 0.01);
  instance.probability[4] = -0.01;
  CHECK_THROWS_WITH_AS(solve(instance), doctest::Contains("scenario 5"), InputError);
  instance.probability.assign(99, 0.01);
  CHECK_THROWS_AS(solve(instance), InputError);
  instance.probability.clear();
  CHECK_THROWS_AS(minimise_cvar(instance.set(), instance.feasible, {.confidence = 1.0}), InputError);
  CHECK_THROWS_AS(minimise_cvar(instance.set(), instance.feasible, {.gap = 0.0}), InputError);
}

TEST_CASE("weights without limit: says which") {
  // The second asset beats the first in every scenario.
  Instance instance = plain(1, 500, 2);
  for (std::size_t s = 0; s < 500; ++s) instance.growth[2 * s + 1] = instance.growth[2 * s] + 0.01;
  instance.feasible.lower.assign(2, -kNoLimit);
  CHECK_THROWS_WITH_AS(solve(instance), doctest::Contains("weight of 'asset_1' grows without limit"), NoSolutionError);
  SUBCASE("free weights whose optimum is finite are solved") {
    Instance free = plain(2, 2000, 5);
    free.feasible.lower.assign(5, -kNoLimit);
    check_against_primal(free);
  }
}

TEST_CASE("scenarios sorted by loss and more than one block: coarse samples mislead, the result does not") {
  Instance instance = plain(6, 20000, 5);
  Instance sorted = instance;
  std::vector<std::size_t> order(20000);
  for (std::size_t s = 0; s < order.size(); ++s) order[s] = s;
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return instance.growth[5 * a] < instance.growth[5 * b]; });
  for (std::size_t s = 0; s < order.size(); ++s) {
    for (std::size_t i = 0; i < 5; ++i) sorted.growth[5 * s + i] = instance.growth[5 * order[s] + i];
  }
  const OptimizationResult a = solve(instance), b = solve(sorted);
  CHECK(b.status == "optimal");
  CHECK(b.value == doctest::Approx(a.value).epsilon(1e-8));
  SUBCASE("probability only in the last block") {
    instance.probability.assign(20000, 0.0);
    for (std::size_t s = 19500; s < 20000; ++s) instance.probability[s] = 1.0 / 500;
    Instance last = instance;
    last.growth.assign(instance.growth.begin() + 5 * 19500, instance.growth.end());
    last.probability.clear();
    last.scenarios = 500;
    CHECK(solve(instance).value == doctest::Approx(primal_optimum(last).attained).epsilon(1e-8));
  }
}
