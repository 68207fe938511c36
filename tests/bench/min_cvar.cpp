// Times minimise_cvar (confidence 0.95, long-only) on multivariate t(5) returns with five factors.
//
// usage: ballast_bench_min_cvar ASSETS SCENARIOS [FILE]
// FILE receives the returns, row-major float64, for a peer to solve. Prints the fastest of five solves, and of five
// passes over the returns in memory, which any method needs at least once.

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

#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"
#include "scenarios/random/draws.h"
#include "scenarios/random/normal.h"

using namespace ballast;

namespace {

constexpr std::size_t kFactors = 5, kFreedom = 5;

std::size_t blocks(std::size_t scenarios) { return (scenarios + kBlockScenarios - 1) / kBlockScenarios; }

/// Monthly returns mean + (loadings f + noise e) sqrt((5 - 2) / chi-square(5)), row-major; f and e standard normal.
std::vector<double> t_factor_returns(std::size_t assets, std::size_t scenarios) {
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
  std::vector<double> returns(scenarios * assets);
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
double sum(const std::vector<double>& numbers) {
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

}  // namespace

int main(int count, char** arguments) {
  if (count < 3 || count > 4) {
    fmt::print(stderr, "usage: ballast_bench_min_cvar ASSETS SCENARIOS [FILE]\n");
    return 64;
  }
  const std::size_t assets = std::stoul(arguments[1]), scenarios = std::stoul(arguments[2]);
  const std::vector<double> returns = t_factor_returns(assets, scenarios);
  if (count == 4) {
    std::ofstream file(arguments[3], std::ios::binary);
    file.write(reinterpret_cast<const char*>(returns.data()), std::streamsize(returns.size() * sizeof(double)));
    if (!file.flush()) {
      fmt::print(stderr, "{}: cannot be written\n", arguments[3]);
      return 74;
    }
  }
  ScenarioSet set;
  set.scenarios = scenarios;
  set.assets = assets;
  set.growth = returns.data();
  OptimizationResult result;
  const double seconds = fastest_of_five([&] { result = minimise_cvar(set, long_only_simplex(assets)); });
  double total = 0.0;
  const double pass = fastest_of_five([&] { total += sum(returns); });
  fmt::print("seconds {:.6f}\nvalue {:.15g}\ngap {:.2g}\npass {:.6f}\nmean {:.6f}\n", seconds, result.value,
             result.relative_gap.value_or(1.0), pass, total / 5.0 / double(returns.size()));
}
