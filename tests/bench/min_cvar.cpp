// Times minimise_cvar (confidence 0.95, long-only) on multivariate t(5) returns with five factors.
//
// usage: ballast_bench_min_cvar ASSETS SCENARIOS [FILE]
//        ballast_bench_min_cvar ASSETS SCENARIOS OBJECTIVE      max_return (under a CVaR limit), min_variance...
//        ballast_bench_min_cvar ASSETS SCENARIOS frontier POINTS
//        ballast_bench_min_cvar ASSETS SCENARIOS policy STEPS      a constant mix over whole paths, one run
// FILE receives the returns, row-major float64, for a peer to solve. Prints the fastest of five solves, and of five
// passes over the returns in memory, which any method needs at least once. The solver works on the rows as they are:
// there is no layout to pay for before it.

#include "engine/optimize/min_cvar.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <fmt/format.h>

#include "engine/optimize/constraints.h"
#include "engine/optimize/frontier.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/policy.h"
#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"
#include "scenarios/io/large_array.h"
#include "scenarios/random/draws.h"
#include "scenarios/random/normal.h"

using namespace ballast;

namespace {

constexpr std::size_t kFactors = 5, kFreedom = 5;

std::size_t blocks(std::size_t scenarios) { return (scenarios + kBlockScenarios - 1) / kBlockScenarios; }

/// Monthly returns mean + (loadings f + noise e) sqrt((5 - 2) / chi-square(5)), row-major; f and e standard normal.
LargeArray t_factor_returns(std::size_t assets, std::size_t scenarios) {
  const double factor_volatility[kFactors] = {0.035, 0.02, 0.015, 0.01, 0.01};
  const PcgSequence fixed(1, Sequence::calibrate), random(1, Sequence::optimise);
  struct Asset {
    double mean, noise, loading[kFactors];
  };
  std::vector<Asset> table;
  for (std::size_t i = 0; i < assets; ++i) {
    std::size_t at = i * (2 + kFactors);
    Asset a{0.001 + 0.009 * fixed.uniform(at), 0.01 + 0.04 * fixed.uniform(at + 1), {}};
    for (std::size_t k = 0; k < kFactors; ++k) {
      a.loading[k] = factor_volatility[k] * inverse_normal(fixed.uniform(at + 2 + k));
    }
    a.loading[0] = 0.01 + std::abs(a.loading[0]);  // the market
    table.push_back(a);
  }
  LargeArray returns(scenarios * assets);
  parallel_for(blocks(scenarios), [&](std::size_t block) {
    const std::size_t first = block * kBlockScenarios, lanes = std::min(kBlockScenarios, scenarios - first);
    BlockDraws draws(random, first, lanes, kFactors + kFreedom + assets);
    LaneArray f(kFactors, lanes), z(1, lanes), chi_square(1, lanes);
    for (std::size_t k = 0; k < kFactors; ++k) draws.normals(f.row(k));
    for (std::size_t k = 0; k < kFreedom; ++k) {
      draws.normals(z.row(0));
      for (std::size_t s = 0; s < lanes; ++s) chi_square(0, s) += z(0, s) * z(0, s);
    }
    for (std::size_t i = 0; i < assets; ++i) {
      draws.normals(z.row(0));
      for (std::size_t s = 0; s < lanes; ++s) {
        double shock = table[i].noise * z(0, s);
        for (std::size_t k = 0; k < kFactors; ++k) shock += table[i].loading[k] * f(k, s);
        returns[(first + s) * assets + i] = table[i].mean + shock * std::sqrt((kFreedom - 2.0) / chi_square(0, s));
      }
    }
  });
  return returns;
}

/// Adds all numbers up, on all threads.
double sum(const LargeArray& numbers) {
  constexpr std::size_t kPiece = 1 << 16;
  std::vector<double> partial((numbers.size() + kPiece - 1) / kPiece);
  parallel_for(partial.size(), [&](std::size_t i) {
    const std::size_t first = i * kPiece, count = std::min(kPiece, numbers.size() - first);
    partial[i] = Eigen::Map<const Eigen::ArrayXd>(numbers.data() + first, long(count)).sum();
  });
  return Eigen::Map<const Eigen::ArrayXd>(partial.data(), long(partial.size())).sum();
}

template <class Work>
double fastest_of_five(Work work) {
  using Clock = std::chrono::steady_clock;
  double seconds = std::numeric_limits<double>::infinity();
  for (int run = 0; run < 5; ++run) {
    const auto begin = Clock::now();
    work();
    seconds = std::min(seconds, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return seconds;
}

/// Long-only, with a turnover from equal weights; max_return under a CVaR a quarter above the least.
int time_objective(const ScenarioSet& set, Objective objective) {
  std::vector<std::string> names;
  ConstraintParameters constraints;
  constraints.turnover = TurnoverParameters{{}, 0.8};
  for (std::size_t i = 0; i < set.assets; ++i) {
    names.push_back(fmt::format("a{}", i));
    constraints.turnover->from[names.back()] = 1.0 / double(set.assets);
  }
  FeasibleSet feasible = feasible_set(constraints, names, ConstraintInputs{});
  OptimizeOptions options;
  options.risk_aversion = 2.0;
  if (objective == Objective::max_return) {
    feasible.cvar_limits = {{"limit", 0.95, 1.25 * optimise(Objective::min_cvar, set, feasible).value}};
  }
  if (objective == Objective::risk_parity || objective == Objective::cvar_budget) {
    feasible = long_only_simplex(set.assets);
  }
  OptimizationResult result;
  const double seconds = fastest_of_five([&] { result = optimise(objective, set, feasible, options); });
  fmt::print("seconds {:.6f}\nvalue {:.15g}\n", seconds, result.value);
  if (result.relative_gap) fmt::print("gap {:.2g}\n", *result.relative_gap);
  if (result.residual) fmt::print("residual {:.2g}\n", *result.residual);
  return 0;
}

/// A fund that pays out 0.3% of its initial assets a month, CVaR of its deficit after all steps, rebalanced at each.
int time_policy(std::size_t assets, std::size_t scenarios, int steps) {
  PolicyPaths paths;
  paths.scenarios = scenarios;
  paths.assets = assets;
  paths.steps = steps;
  const LargeArray returns = t_factor_returns(assets, scenarios * std::size_t(steps));
  paths.gross.assign(returns.begin(), returns.end());
  for (double& r : paths.gross) r += 1.0;
  paths.cash.assign(scenarios * std::size_t(steps), 1.002);
  paths.payment.assign(scenarios * std::size_t(steps), 0.003);
  paths.report_steps = {steps};
  paths.liability_pv.assign(scenarios, 0.8);
  const PolicyShape shape = policy_shape({0}, steps, 1, {});
  const PolicyObjective objective(paths, shape, {PolicyMeasure::terminal_cvar, 0.95, 1.0});
  const OptimizedPolicy found = optimise_policy(objective, 1, long_only_simplex(assets), assets, {}, {});
  fmt::print("seconds {:.6f}\nvalue {:.15g}\nresidual {:.2g}\nevaluations {}\nspread {:.2g}\n", found.seconds,
             found.value, found.first_order_residual, found.evaluations,
             found.start_values.back() - found.start_values.front());
  return 0;
}

int time_frontier(const ScenarioSet& set, int points) {
  const std::vector<double> means = mean_growth(set);
  std::vector<FrontierSolution> frontier;
  const double seconds = fastest_of_five([&] {
    frontier = efficient_frontier({&set, 1}, long_only_simplex(set.assets), means, {.points = points});
  });
  double worst = 0.0;
  for (const FrontierSolution& point : frontier) worst = std::max(worst, point.result.relative_gap.value_or(1.0));
  fmt::print("seconds {:.6f}\nvalue {:.15g}\ngap {:.2g}\n", seconds, frontier.back().result.value, worst);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3 || count > 5) {
    fmt::print(stderr,
               "usage: ballast_bench_min_cvar ASSETS SCENARIOS [FILE | OBJECTIVE | frontier POINTS | policy STEPS]\n");
    return 64;
  }
  const std::size_t assets = std::stoul(arguments[1]), scenarios = std::stoul(arguments[2]);
  if (count == 5 && std::string(arguments[3]) == "policy")
    return time_policy(assets, scenarios, std::stoi(arguments[4]));
  const LargeArray returns = t_factor_returns(assets, scenarios);  // as the program keeps them
  ScenarioSet set;
  set.scenarios = scenarios;
  set.assets = assets;
  set.growth = returns.data();
  if (count == 5) return time_frontier(set, std::stoi(arguments[4]));
  for (std::size_t k = 0; count == 4 && k < std::size(EnumNames<Objective>::value); ++k) {
    if (std::string(arguments[3]) == EnumNames<Objective>::value[k]) return time_objective(set, Objective(k));
  }
  if (count == 4) {
    std::ofstream file(arguments[3], std::ios::binary);
    file.write(reinterpret_cast<const char*>(returns.data()), std::streamsize(returns.size() * sizeof(double)));
    if (!file.flush()) {
      fmt::print(stderr, "{}: cannot be written\n", arguments[3]);
      return 74;
    }
  }
  OptimizationResult result;
  const double seconds = fastest_of_five([&] { result = minimise_cvar(set, long_only_simplex(assets)); });
  double total = 0.0;
  const double pass = fastest_of_five([&] { total += sum(returns); });
  fmt::print("seconds {:.6f}\nvalue {:.15g}\ngap {:.2g}\npass {:.6f}\nmean {:.6f}\n", seconds, result.value,
             result.relative_gap.value_or(1.0), pass, total / 5.0 / double(returns.size()));
}
