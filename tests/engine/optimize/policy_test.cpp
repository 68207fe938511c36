#include "engine/optimize/policy.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/optimize/min_cvar.h"
#include "engine/optimize/policy_account.h"
#include "engine/portfolio/projection.h"
#include "scenarios/base/parallel.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sequence.h"

using namespace ballast;

namespace {

/// Lognormal assets, the second less risky, and a liability that is paid down over the steps.
PolicyPaths random_paths(std::size_t scenarios, std::size_t assets, int steps, double payment, double liability) {
  PolicyPaths paths;
  paths.scenarios = scenarios;
  paths.assets = assets;
  paths.steps = steps;
  paths.initial_assets = 100.0;
  for (int step = 1; step <= steps; ++step) {
    if (step % 2 == 0 || step == steps) paths.report_steps.push_back(step);
  }
  PcgSequence sequence(7, Sequence::calibrate);
  std::uint64_t at = 0;
  for (std::size_t s = 0; s < scenarios; ++s) {
    for (int step = 0; step < steps; ++step) {
      const double common = inverse_normal(sequence.uniform(at++));
      for (std::size_t i = 0; i < assets; ++i) {
        const double own = inverse_normal(sequence.uniform(at++)), sd = 0.12 / double(i + 1);
        paths.gross.push_back(std::exp(0.02 / double(i + 1) + sd * (0.6 * common + 0.8 * own) - sd * sd / 2));
      }
      paths.cash.push_back(1.01);
      paths.payment.push_back(payment * (1 + 0.1 * common));
    }
    for (int step : paths.report_steps) {
      paths.liability_pv.push_back(liability * (1 - double(step) / (2.0 * steps)) * (1 + 0.05 * std::sin(double(s))));
    }
  }
  return paths;
}

}  // namespace

TEST_CASE("a policy's account is the projection's, costs, exhaustion and changes of weights included") {
  for (int every : {0, 1, 3}) {
    const PolicyPaths paths = random_paths(32, 3, 12, 14.0, 0.0);  // payments that exhaust some accounts
    const PolicyShape shape = policy_shape({0, 5, 8}, paths.steps, every, {0.01, 0.002, 0.0});
    const std::vector<double> weights = {0.5, 0.3, 0.2, 0.1, 0.1, 0.8, 0.7, 0.3, 0.0};
    ProjectionParameters parameters;
    parameters.weights = {0.5, 0.3, 0.2};
    parameters.changes = {{5, {0.1, 0.1, 0.8}}, {8, {0.7, 0.3, 0.0}}};
    parameters.initial_assets = paths.initial_assets;
    parameters.rebalancing = every ? Rebalancing::constant_mix : Rebalancing::buy_and_hold;
    parameters.rebalance_every_steps = every;
    parameters.trading_cost = shape.trading_cost;
    Projection projection(parameters, paths.scenarios);
    PolicyAccount account(paths, shape);
    std::vector<std::vector<double>> net(paths.scenarios, std::vector<double>(paths.report_steps.size()));
    for (std::size_t s = 0; s < paths.scenarios; ++s) account.run(s, weights, net[s].data());
    LaneArray gross(3, paths.scenarios), flows(2, paths.scenarios);
    std::size_t report = 0, exhausted = 0;
    for (int step = 1; step <= paths.steps; ++step) {
      for (std::size_t s = 0; s < paths.scenarios; ++s) {
        for (std::size_t i = 0; i < 3; ++i) gross(i, s) = paths.gross_of(s)[std::size_t(step - 1) * 3 + i];
        flows(0, s) = paths.cash_of(s)[step - 1];
        flows(1, s) = paths.payment_of(s)[step - 1];
      }
      projection.step(step, gross, flows.row(0), flows.row(1));
      if (step != paths.report_steps[report]) continue;
      for (std::size_t s = 0; s < paths.scenarios; ++s) {
        CHECK(net[s][report] == doctest::Approx(projection.assets()[s] - projection.shortfall()[s]).epsilon(1e-12));
        exhausted += projection.assets()[s] == 0.0;
      }
      ++report;
    }
    CHECK(exhausted > 10);
  }
}

TEST_CASE("a policy's gradient is that of finite differences") {
  const PolicyPaths paths = random_paths(200, 3, 12, 9.0, 60.0);
  for (PolicyMeasure measure :
       {PolicyMeasure::terminal_cvar, PolicyMeasure::worst_cvar, PolicyMeasure::expected_shortfall}) {
    for (int every : {0, 2}) {
      const PolicyShape shape = policy_shape({0, 4}, paths.steps, every, {0.01, 0.005, 0.002});
      const PolicyObjective objective(paths, shape, {measure, 0.8, 0.9});
      std::vector<double> w = {0.5, 0.3, 0.2, 0.21, 0.33, 0.46}, gradient(6), unused(6);
      objective.smoothed(w, 0.05, gradient.data());
      for (std::size_t j = 0; j < w.size(); ++j) {
        const double h = 1e-6, at = w[j];
        w[j] = at + h;
        const double above = objective.smoothed(w, 0.05, unused.data());
        w[j] = at - h;
        const double below = objective.smoothed(w, 0.05, unused.data());
        w[j] = at;
        CHECK(gradient[j] == doctest::Approx((above - below) / (2 * h)).epsilon(2e-5));
      }
    }
  }
}

TEST_CASE("the smoothed objective tends to the exact one, from above") {
  const PolicyPaths paths = random_paths(500, 2, 6, 3.0, 90.0);
  const PolicyShape shape = policy_shape({0}, paths.steps, 1, {});
  for (PolicyMeasure measure : {PolicyMeasure::terminal_cvar, PolicyMeasure::expected_shortfall}) {
    const PolicyObjective objective(paths, shape, {measure, 0.9, 1.0});
    const std::vector<double> w = {0.4, 0.6};
    std::vector<double> gradient(2);
    const double exact = objective.value(w);
    CHECK(objective.smoothed(w, 1e-6, gradient.data()) == doctest::Approx(exact).epsilon(1e-6));
    CHECK(objective.smoothed(w, 0.05, gradient.data()) > exact);
  }
}

TEST_CASE("a buy-and-hold policy without payments is the certified one-period problem") {
  PolicyPaths paths = random_paths(4000, 4, 5, 0.0, 95.0);
  const PolicyShape shape = policy_shape({0}, paths.steps, 0, {});
  const PolicyObjective objective(paths, shape, {PolicyMeasure::terminal_cvar, 0.95, 1.0});
  std::vector<double> growth, liability;
  for (std::size_t s = 0; s < paths.scenarios; ++s) {
    for (std::size_t i = 0; i < 4; ++i) {
      double product = 1.0;
      for (int t = 0; t < paths.steps; ++t) product *= paths.gross_of(s)[std::size_t(t) * 4 + i];
      growth.push_back(product);
    }
    liability.push_back(paths.liability_of(s)[paths.report_steps.size() - 1] / paths.initial_assets);
  }
  ScenarioSet set;
  set.scenarios = paths.scenarios;
  set.assets = 4;
  set.growth = growth.data();
  set.liability = liability;
  const FeasibleSet feasible = long_only_simplex(4);
  MinCvarOptions options;
  options.confidence = 0.95;
  options.gap = 1e-9;
  const OptimizationResult certified = minimise_cvar(set, feasible, options);
  const OptimizedPolicy policy = optimise_policy(objective, 1, feasible, 4, {0.25, 0.25, 0.25, 0.25}, {.starts = 2});
  CHECK(policy.value >= certified.value - 1e-9);
  CHECK(policy.value == doctest::Approx(certified.value).epsilon(1e-6));
  CHECK(policy.first_order_residual < 2e-4);
  CHECK(policy.start_values.size() == 2);
  CHECK(policy.start_values[1] == doctest::Approx(policy.start_values[0]).epsilon(1e-5));
}

TEST_CASE("a glide path goes where each period's better asset is") {
  // The first asset grows in the first half, the second in the second half; all scenarios alike but for their size.
  PolicyPaths paths = random_paths(300, 2, 4, 0.0, 0.0);
  for (std::size_t s = 0; s < paths.scenarios; ++s) {
    for (int t = 0; t < 4; ++t) {
      double* g = paths.gross.data() + (s * 4 + std::size_t(t)) * 2;
      const double up = 1.02 + 0.0001 * double(s);
      g[0] = t < 2 ? up : 1.0;
      g[1] = t < 2 ? 1.0 : up;
    }
  }
  const PolicyShape shape = policy_shape({0, 2}, 4, 1, {});
  const PolicyObjective objective(paths, shape, {PolicyMeasure::terminal_cvar, 0.9, 1.0});
  FeasibleSet feasible = long_only_simplex(2);
  feasible.upper = {0.8, 0.8};
  const OptimizedPolicy policy = optimise_policy(objective, 2, feasible, 2, {0.5, 0.5}, {.starts = 3});
  CHECK(policy.weights[0][0] == doctest::Approx(0.8).epsilon(1e-6));
  CHECK(policy.weights[1][1] == doctest::Approx(0.8).epsilon(1e-6));
  double sum = 0.0;  // of the worst 30 scenarios, all equal in rank
  for (int s = 0; s < 30; ++s) sum += 1 - std::pow(1 + 0.8 * (0.02 + 0.0001 * s), 4);
  CHECK(policy.value == doctest::Approx(sum / 30).epsilon(1e-6));
}

TEST_CASE("a policy is the same for one thread and two") {
  const PolicyPaths paths = random_paths(1000, 3, 8, 5.0, 70.0);
  const PolicyShape shape = policy_shape({0, 4}, paths.steps, 1, {});
  const PolicyObjective objective(paths, shape, {PolicyMeasure::worst_cvar, 0.9, 1.0});
  std::vector<OptimizedPolicy> found;
  for (int count : {1, 2}) {
    set_threads(count);
    found.push_back(optimise_policy(objective, 2, long_only_simplex(3), 3, {}, {.starts = 2, .max_evaluations = 100}));
  }
  set_threads(0);
  CHECK(found[0].weights == found[1].weights);
  CHECK(found[0].value == found[1].value);
}

TEST_CASE("equal probabilities give a policy the bits that none give") {
  PolicyPaths paths = random_paths(600, 3, 6, 5.0, 70.0);
  const PolicyShape shape = policy_shape({0, 3}, paths.steps, 1, {});
  for (PolicyMeasure measure : {PolicyMeasure::worst_cvar, PolicyMeasure::expected_shortfall}) {
    std::vector<OptimizedPolicy> found;
    for (bool given : {false, true}) {
      paths.probability.assign(given ? 600 : 0, 1.0 / 600.0);
      const PolicyObjective objective(paths, shape, {measure, 0.9, 1.0});
      found.push_back(optimise_policy(objective, 2, long_only_simplex(3), 3, {}, {.starts = 2, .max_evaluations = 60}));
    }
    CHECK(found[0].weights == found[1].weights);
    CHECK(found[0].value == found[1].value);
  }
}

TEST_CASE("a scenario three times as probable counts as three") {
  constexpr std::size_t kScenarios = 120;
  PolicyPaths paths = random_paths(kScenarios, 2, 4, 3.0, 90.0), repeated = paths;
  auto repeat = [](std::vector<double>& values, std::size_t s) {
    const std::size_t width = values.size() / kScenarios;  // the copies come behind, and are cut off below
    return std::vector<double>(values.begin() + std::ptrdiff_t(s * width),
                               values.begin() + std::ptrdiff_t((s + 1) * width));
  };
  std::vector<double>* arrays[] = {&repeated.gross, &repeated.cash, &repeated.payment, &repeated.liability_pv};
  std::vector<double> more[4];
  double total = 0.0;
  for (std::size_t s = 0; s < kScenarios; ++s) {
    const std::size_t times = s % 4;  // some not at all
    paths.probability.push_back(double(times));
    total += double(times);
    for (std::size_t k = 0; k < 4; ++k) {
      const std::vector<double> one = repeat(*arrays[k], s);
      for (std::size_t t = 0; t < times; ++t) more[k].insert(more[k].end(), one.begin(), one.end());
    }
  }
  for (double& p : paths.probability) p /= total;
  for (std::size_t k = 0; k < 4; ++k) *arrays[k] = more[k];
  repeated.scenarios = std::size_t(total);
  const PolicyShape shape = policy_shape({0, 2}, paths.steps, 1, {0.01, 0.0});
  const std::vector<double> w = {0.3, 0.7, 0.6, 0.4};
  for (PolicyMeasure measure :
       {PolicyMeasure::terminal_cvar, PolicyMeasure::worst_cvar, PolicyMeasure::expected_shortfall}) {
    const PolicyObjective weighted(paths, shape, {measure, 0.83, 0.95}),
        counted(repeated, shape, {measure, 0.83, 0.95});
    CHECK(weighted.value(w) == doctest::Approx(counted.value(w)).epsilon(1e-12));
    CHECK(weighted.spread(w) == doctest::Approx(counted.spread(w)).epsilon(1e-12));
    std::vector<double> one(4), other(4);
    CHECK(weighted.smoothed(w, 0.03, one.data()) ==
          doctest::Approx(counted.smoothed(w, 0.03, other.data())).epsilon(1e-12));
    for (std::size_t j = 0; j < 4; ++j) CHECK(one[j] == doctest::Approx(other[j]).epsilon(1e-10));
  }
}

TEST_CASE("two scenarios with unequal probabilities: the policy is that of a search over all mixes") {
  // One step; the first asset wins in the first scenario, the second in the other.
  PolicyPaths paths;
  paths.scenarios = 2;
  paths.assets = 2;
  paths.steps = 1;
  paths.gross = {1.30, 0.95, 0.80, 1.10};
  paths.cash = {1.0, 1.0};
  paths.payment = {0.0, 0.0};
  paths.report_steps = {1};
  paths.liability_pv = {0.9, 1.0};
  const PolicyShape shape = policy_shape({0}, 1, 1, {});
  for (double p : {0.5, 0.2, 0.9}) {
    CAPTURE(p);
    paths.probability = {p, 1 - p};
    const PolicyObjective objective(paths, shape, {PolicyMeasure::terminal_cvar, 0.4, 1.0});
    double least = HUGE_VAL;
    for (int k = 0; k <= 100'000; ++k) {
      const double w = k / 100'000.0;
      const double first = 0.9 - (1.30 * w + 0.95 * (1 - w)), second = 1.0 - (0.80 * w + 1.10 * (1 - w));
      const double worse_mass = std::min(0.6, first > second ? p : 1 - p);
      least =
          std::min(least, (worse_mass * std::max(first, second) + (0.6 - worse_mass) * std::min(first, second)) / 0.6);
    }
    const OptimizedPolicy found = optimise_policy(objective, 1, long_only_simplex(2), 2, {0.5, 0.5}, {.starts = 3});
    CHECK(found.value == doctest::Approx(least).epsilon(1e-5));
  }
}
