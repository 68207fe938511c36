#include <cmath>

#include <doctest/doctest.h>

#include "engine/optimize/loss_screen.h"
#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/variance_start.h"
#include "engine/optimize/weighted_gram.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "tests/engine/optimize/instances.h"
#include "tests/isa_levels.h"

using namespace ballast;
using namespace ballast::test;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// What the solver does with many scenarios at a time, each against the obvious way.

TEST_CASE("weighted_gram is the sum of outer products, with the same bits for any instruction set and threads") {
  for (const auto& [rows, columns] :
       {std::pair{1, 1}, {3, 5}, {64, 24}, {700, 11}, {1000, 41}, {513, 97}, {300, 201}}) {
    CAPTURE(rows);
    CAPTURE(columns);
    const std::size_t stride = std::size_t(columns) + 3;
    std::vector<double> values(std::size_t(rows) * stride), weight(static_cast<std::size_t>(rows));
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = bell(1, k);
    for (std::size_t k = 0; k < weight.size(); ++k) weight[k] = uniform(2, k);
    const MatrixXd gram = weighted_gram(values.data(), stride, std::size_t(rows), std::size_t(columns), weight.data());
    double error = 0.0;
    for (long i = 0; i < columns; ++i) {
      for (long j = 0; j <= i; ++j) {
        double sum = 0.0;
        for (std::size_t s = 0; s < weight.size(); ++s) {
          sum += weight[s] * values[s * stride + std::size_t(i)] * values[s * stride + std::size_t(j)];
        }
        error = std::max(error, std::abs(gram(i, j) - sum));
      }
    }
    CHECK(error < 1e-15 * 4 * rows);  // bell is below 3.5
    const MatrixXd lower = gram.triangularView<Eigen::Lower>();
    set_threads(1);
    on_each_isa([&] {
      const MatrixXd again =
          weighted_gram(values.data(), stride, std::size_t(rows), std::size_t(columns), weight.data());
      CHECK(MatrixXd(again.triangularView<Eigen::Lower>()) == lower);
    });
    set_threads(0);
  }
}

TEST_CASE("an unset vector holds what is written, in small pages and in huge ones") {
  for (const std::size_t size : {std::size_t{3}, std::size_t{600'001}}) {
    UnsetVector<double> numbers;
    numbers.resize(size);
    for (std::size_t k = 0; k < size; ++k) numbers[k] = double(k);
    numbers.resize(size + 5, -1.0);
    const UnsetVector<double> copy = numbers;
    double sum = 0.0;
    for (double number : copy) sum += number;
    CHECK(sum == 0.5 * double(size) * double(size - 1) - 5.0);
  }
}

TEST_CASE("a screened scan has the exact losses above its floor, and none above it elsewhere") {
  constexpr std::size_t kAssets = 13, kScenarios = 9000;
  std::vector<double> growth = factor_returns(5, kScenarios, kAssets), liability;
  for (std::size_t s = 0; s < kScenarios; ++s) liability.push_back(0.9 + 0.1 * bell(6, s));
  for (double level : {0.0, 1.0}) {  // returns, and gross returns, whose rows are far from 0
    CAPTURE(level);
    for (double& g : growth) g += level;
    ScenarioSet set;
    set.scenarios = kScenarios;
    set.assets = kAssets;
    set.growth = growth.data();
    set.liability = liability;
    const ScenarioSample sample(set, ScenarioSample::blocks_of(set), 0.95);
    LossScreen screen(sample);
    VectorXd weights = VectorXd::Constant(kAssets, 1.0 / kAssets);
    weights[3] = weights[12] = 0.0;
    Losses screened, exact;
    VectorXd movable = VectorXd::Ones(kAssets);
    movable[3] = movable[12] = 0.0;
    screen.scan(weights, movable, screened);
    std::size_t bounds = 0;
    for (std::uint64_t move = 0; move < 12; ++move) {
      const double size = move == 7 ? 0.5 : 0.01;
      for (long i = 0; i < weights.size(); ++i) {
        if (movable[i] > 0.0) weights[i] += size * bell(7 + move, std::uint64_t(i));
      }
      weights[12] = move == 4 ? 0.1 : 0.0;      // once, and back: what was not to move
      if (move != 9) weights /= weights.sum();  // once, the weights' sum moves too
      const double mean_absolute = sample.scan(weights, exact);
      Losses sorted = exact;
      std::nth_element(sorted.begin(), sorted.begin() + 600, sorted.end(), std::greater<>());
      const double floor = sorted[600];
      screen.rescan(weights, floor, movable, screened);
      bool same = true;
      for (std::size_t j = 0; j < exact.size(); ++j) {
        if (exact[j] >= floor || screened[j] >= floor) same = same && screened[j] == exact[j];
        bounds += screened[j] != exact[j];
      }
      CHECK(same);
      CHECK(screen.mean_absolute() >= mean_absolute * (1 - 1e-12));
    }
    CHECK(bounds > kScenarios);  // it did save rows
  }
}

TEST_CASE("what is not finite is named wherever the scenarios are first passed over") {
  std::vector<double> growth = factor_returns(8, 60000, 4);
  ScenarioSet set;
  set.scenarios = 60000;
  set.assets = 4;
  set.growth = growth.data();
  growth[4 * 41234 + 2] = NAN;  // in no block that the unit is taken from
  for (Objective objective : {Objective::min_cvar, Objective::max_return, Objective::mean_cvar, Objective::min_variance,
                              Objective::max_sharpe, Objective::risk_parity, Objective::cvar_budget}) {
    CAPTURE(int(objective));
    CHECK_THROWS_WITH_AS(optimise(objective, set, long_only_simplex(4)), doctest::Contains("scenario 41235"),
                         InputError);
  }
}

TEST_CASE("the start from moments is allowed, and near the optimum of losses that are nearly normal") {
  const std::vector<double> growth = factor_returns(9, 20000, 60);
  ScenarioSet set;
  set.scenarios = 20000;
  set.assets = 60;
  set.growth = growth.data();
  const FeasibleSet feasible = long_only_simplex(60);
  ConvexProgramme programme = portfolio_programme({&set, 1}, feasible);
  add_cvar(programme, {&set, 1}, feasible, 0.95, 1.0);
  const VectorXd even = VectorXd::Constant(60, 1.0 / 60.0);
  const ProgrammeStart start = variance_start(programme, even);
  CHECK(violation(programme.polytope, start.x) < 1e-9);
  CHECK(start.reduced_cost.size() == 60);
  const ScenarioSample sample(set, ScenarioSample::blocks_of(set), 0.95);
  auto cvar_at = [&](const VectorXd& x) {
    Losses losses;
    sample.scan(x, losses);
    return sample.edges(losses, 0.0).cvar;
  };
  const double least = optimise(Objective::min_cvar, set, feasible).value;
  CHECK(cvar_at(start.x) - least < 0.1 * (cvar_at(even) - least));
  // Nothing to go by: where it came from.
  const std::vector<double> still(growth.size(), 0.01);
  set.growth = still.data();
  CHECK(variance_start(programme, even).x == even);
}
