#include "engine/optimize/frontier.h"

#include <cmath>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

#include "engine/optimize/min_cvar.h"
#include "scenarios/base/error.h"

using namespace ballast;

namespace {

/// 2,000 scenarios of four assets; the riskier earns more.
std::vector<double> frontier_growth() {
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  std::vector<double> growth;
  for (int s = 0; s < 2000; ++s) {
    double market = normal(engine);
    for (int a = 0; a < 4; ++a)
      growth.push_back(0.01 + 0.02 * a + 0.05 * a * (0.5 * market + normal(engine)) + 0.01 * normal(engine));
  }
  return growth;
}

}  // namespace

TEST_CASE("frontier: certified, rising, convex, and each point is min_cvar with that return") {
  std::vector<double> growth = frontier_growth();
  ScenarioSet set;
  set.scenarios = 2000;
  set.assets = 4;
  set.growth = growth.data();
  FeasibleSet feasible = long_only_simplex(4);
  feasible.upper.assign(4, 0.7);
  std::vector<double> means = mean_growth(set);
  FrontierOptions options;
  options.points = 8;
  options.gap = 1e-8;
  std::vector<OptimizationResult> frontier;
  for (const FrontierSolution& point : efficient_frontier({&set, 1}, feasible, means, options)) {
    CHECK(point.mean_return ==
          doctest::Approx(std::inner_product(means.begin(), means.end(), point.result.weights.begin(), 0.0)));
    frontier.push_back(point.result);
  }
  REQUIRE(frontier.size() == 8);
  auto mean = [&](const OptimizationResult& at) {
    return std::inner_product(means.begin(), means.end(), at.weights.begin(), 0.0);
  };
  // The largest return is 70% of the best asset and 30% of the second, by hand.
  CHECK(mean(frontier.back()) == doctest::Approx(0.7 * means[3] + 0.3 * means[2]).epsilon(1e-8));
  CHECK(frontier.front().value == doctest::Approx(minimise_cvar(set, feasible, {.gap = 1e-8}).value).epsilon(1e-8));
  for (std::size_t k = 0; k < frontier.size(); ++k) {
    CAPTURE(k);
    CHECK(frontier[k].status == "optimal");
    CHECK(*frontier[k].relative_gap <= 1e-8);
    if (k == 0) continue;
    CHECK(mean(frontier[k]) > mean(frontier[k - 1]));
    CHECK(frontier[k].value > frontier[k - 1].value);
    if (k + 1 == frontier.size()) continue;
    CHECK(frontier[k].value <= (frontier[k - 1].value + frontier[k + 1].value) / 2 + 1e-9);  // equal steps of return
  }
}

TEST_CASE("frontier: a return without limit is told") {
  std::vector<double> growth = frontier_growth();
  ScenarioSet set;
  set.scenarios = 2000;
  set.assets = 4;
  set.growth = growth.data();
  FeasibleSet feasible;
  feasible.lower.assign(4, -kNoLimit);
  feasible.upper.assign(4, kNoLimit);
  add_budget(feasible, 4);
  CHECK_THROWS_AS(efficient_frontier({&set, 1}, feasible, mean_growth(set), {.points = 3}), NoSolutionError);
}

TEST_CASE("frontier: a resampled band lies around the frontier and narrows with the root of the scenarios") {
  std::vector<double> growth = frontier_growth();
  auto width = [&](std::size_t scenarios) {
    ScenarioSet set;
    set.scenarios = scenarios;
    set.assets = 4;
    set.growth = growth.data();
    const FeasibleSet feasible = long_only_simplex(4);
    const std::vector<double> means = mean_growth(set);
    const FrontierOptions options{.points = 3};
    const auto frontier = efficient_frontier({&set, 1}, feasible, means, options);
    const auto band = resampled_frontier({&set, 1}, feasible, options, frontier, 40, 5);
    REQUIRE(band.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(band[k].cvar_low < frontier[k].result.value);
      CHECK(band[k].cvar_high > band[k].cvar_low);
      CHECK(band[k].return_low < frontier[k].mean_return);
      CHECK(band[k].return_high > frontier[k].mean_return);
    }
    return band[2].return_high - band[2].return_low;
  };
  // The last point is the best asset alone: its mean's error, +-1.645 sd / sqrt(S). 40 resamples know it to 20%.
  const double wide = width(125), narrow = width(2000);
  CHECK(wide / narrow > 2.0);
  CHECK(wide / narrow < 8.0);
}

TEST_CASE("frontier: with three assets at their limits every point of every resample is found") {
  // Where a return target leaves one asset a sliver above zero and another one a sliver below its limit.
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  for (int study = 0; study < 120; ++study) {
    const double equity = 0.05 + 0.1 * uniform(engine), bonds = 0.02 + 0.06 * uniform(engine),
                 match = 0.05 + 0.15 * uniform(engine), tail = 0.02 * uniform(engine);
    std::vector<double> growth, liability;
    for (int s = 0; s < 1100; ++s) {
      const double rates = normal(engine), shock = normal(engine);
      growth.insert(growth.end(), {1.0 + equity + 0.17 * shock - tail * shock * shock, 1.0 + bonds + 0.1 * rates,
                                   1.02 + 0.01 * normal(engine)});
      liability.push_back(0.95 * (1.04 + match * rates + 0.01 * normal(engine)));
    }
    if (study != 68 && study != 119) continue;  // two of three hundred had a resample with such a point
    ScenarioSet set;
    set.scenarios = 1100;
    set.assets = 3;
    set.growth = growth.data();
    set.liability = liability;
    FeasibleSet feasible = long_only_simplex(3);
    feasible.upper.assign(3, 0.6);
    CAPTURE(study);
    const FrontierOptions options{.points = 10};
    const auto frontier = efficient_frontier({&set, 1}, feasible, mean_growth(set), options);
    CHECK_NOTHROW(resampled_frontier({&set, 1}, feasible, options, frontier, 20, std::uint64_t(study)));
  }
}
