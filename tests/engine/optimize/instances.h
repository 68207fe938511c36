#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/optimize/optimise.h"
#include "engine/optimize/problem.h"

/// Random instances that C++ and Python (scripts/peers/record_cvar_optima.py) make alike: integers, sums, products and
/// square roots only, which IEEE arithmetic rounds the same everywhere.
namespace ballast::test {

/// Number k of stream `seed` (splitmix64), in [0, 1).
inline double uniform(std::uint64_t seed, std::uint64_t k) {
  std::uint64_t z = seed * 0xD1342543DE82EF95ULL + (k + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z = z ^ (z >> 31);
  return double(z >> 11) * 0x1p-53;
}

/// Sum of four uniforms less 2, times the square root of 3: mean 0, variance 1, light tails.
inline double bell(std::uint64_t seed, std::uint64_t k) {
  const double sum =
      (uniform(seed, 4 * k) + uniform(seed, 4 * k + 1)) + (uniform(seed, 4 * k + 2) + uniform(seed, 4 * k + 3));
  return (sum - 2.0) * 1.7320508075688772;
}

struct Instance {
  std::string name;
  std::size_t assets = 0, scenarios = 0;
  double confidence = 0.95;
  std::vector<double> growth, probability, liability;
  FeasibleSet feasible;
  std::vector<std::vector<double>> further;  ///< growths of further sets, equally likely
  OptimizeOptions options;
  Objective objective = Objective::min_cvar;

  ScenarioSet set() const {
    ScenarioSet s;
    s.scenarios = scenarios;
    s.assets = assets;
    s.growth = growth.data();
    s.probability = probability;
    s.liability = liability;
    return s;
  }
  /// All sets of scenarios, the first one first.
  std::vector<ScenarioSet> sets() const {
    std::vector<ScenarioSet> all{set()};
    for (const std::vector<double>& more : further) {
      all.push_back({});
      all.back().scenarios = scenarios;
      all.back().assets = assets;
      all.back().growth = more.data();
    }
    return all;
  }
};

/// Three factors, fat tails (each scenario scaled by 0.3 / sqrt(v), v in [0.05, 1)), and own noise.
inline std::vector<double> factor_returns(std::uint64_t seed, std::size_t scenarios, std::size_t assets) {
  std::vector<double> mean(assets), noise(assets), loading(3 * assets);
  for (std::size_t i = 0; i < assets; ++i) {
    mean[i] = 0.001 + 0.009 * uniform(seed, 5 * i);
    noise[i] = 0.01 + 0.04 * uniform(seed, 5 * i + 1);
    loading[3 * i] = 0.01 + 0.04 * uniform(seed, 5 * i + 2);
    loading[3 * i + 1] = 0.03 * (uniform(seed, 5 * i + 3) - 0.5);
    loading[3 * i + 2] = 0.03 * (uniform(seed, 5 * i + 4) - 0.5);
  }
  std::vector<double> growth(scenarios * assets);
  for (std::size_t s = 0; s < scenarios; ++s) {
    const std::uint64_t at = s * (assets + 4);
    const double f0 = bell(seed + 1000, at), f1 = bell(seed + 1000, at + 1), f2 = bell(seed + 1000, at + 2);
    const double scale = 0.3 / std::sqrt(0.05 + 0.95 * uniform(seed + 2000, s));
    for (std::size_t i = 0; i < assets; ++i) {
      const double common = (f0 * loading[3 * i] + f1 * loading[3 * i + 1]) + f2 * loading[3 * i + 2];
      growth[s * assets + i] = mean[i] + (common + bell(seed + 1000, at + 4 + i) * noise[i]) * scale;
    }
  }
  return growth;
}

/// Small means and three factors of either sign: with many assets the worst scenarios can be hedged against each other,
/// many at a time, and with fewer scenarios than assets nearly all risk.
inline std::vector<double> hedgeable_returns(std::uint64_t seed, std::size_t scenarios, std::size_t assets) {
  std::vector<double> growth(scenarios * assets);
  for (std::size_t i = 0; i < assets; ++i) {
    const double mean = 0.005 * uniform(seed, i), own = 0.01 + 0.05 * uniform(seed, 1000 + i);
    for (std::size_t s = 0; s < scenarios; ++s) {
      double& r = growth[s * assets + i];
      r = mean + own * bell(seed + 50, s * assets + i);
      for (std::size_t f = 0; f < 3; ++f) {
        r += ((f == 0 ? 0.02 : 0.0) + 0.03 * bell(seed + 100, 3 * i + f)) * bell(seed + 150, 3 * s + f);
      }
    }
  }
  return growth;
}

}  // namespace ballast::test
