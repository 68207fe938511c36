// Times scenarios as the engine makes them: series of log returns under a model, compounded into a fixed-mix portfolio.
//
// usage: ballast_bench_paths [SCENARIOS [STEPS [SERIES]]]
// Prints, on all threads, the fastest of five runs of
//   floor      normals, triangular product, exponential and weighted sum, each alone on arrays that stay in the cache
//   MODEL      the whole: WorldPath with that model, and the portfolio
// in seconds, and for the bootstrap nanoseconds a row and core.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/portfolio/projection.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/base/parallel.h"
#include "scenarios/random/normal.h"
#include "scenarios/simulate.h"

using namespace ballast;

namespace {

std::size_t scenarios = 100000, series = 50;
int steps = 120;

std::size_t blocks() { return (scenarios + kBlockScenarios - 1) / kBlockScenarios; }

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

/// 50 years of months: equally correlated t-like returns of different volatilities.
MarketHistory history() {
  const PcgSequence random(1, Sequence::calibrate);
  MarketHistory h;
  h.returns.resize(600, Eigen::Index(series));
  for (Eigen::Index t = 0; t < 600; ++t) {
    h.dates.push_back(Date{31 * int(t)});
    const auto at = std::uint64_t(t) * (series + 2);
    const double market = inverse_normal(random.uniform(at)), wild = random.uniform(at + 1) < 0.1 ? 2.0 : 0.85;
    for (Eigen::Index c = 0; c < h.returns.cols(); ++c) {
      const double own = inverse_normal(random.uniform(at + 2 + std::uint64_t(c)));
      const double z = std::sqrt(0.4) * market + std::sqrt(0.6) * own;
      h.returns(t, c) = std::expm1(0.005 + (0.15 + 0.002 * double(c)) / std::sqrt(12.0) * wild * z);
    }
  }
  return h;
}

/// Runs each(lanes of a block) for every step of every block.
template <class Make>
double time_steps(Make make) {
  return fastest_of_five([&] {
    parallel_for(blocks(), [&](std::size_t block) {
      auto step = make(block);
      for (int t = 1; t <= steps; ++t) step(t);
    });
  });
}

double time_normals() {
  return time_steps([](std::size_t block) {
    return [draws = BlockDraws(PcgSequence(1, Sequence::evaluate), block * kBlockScenarios, kBlockScenarios,
                               std::uint64_t(steps) * series),
            z = LaneArray(1, kBlockScenarios)](int) mutable {
      for (std::size_t c = 0; c < series; ++c) draws.normals(z.row(0));
    };
  });
}

double time_product() {
  const std::vector<double> factor(series * series, 0.01);
  return time_steps([&](std::size_t) {
    constexpr std::size_t kLanes = 128;  // z and x stay in the second-level cache
    return [&factor, z = LaneArray(series, kLanes), x = LaneArray(series, kLanes)](int) mutable {
      for (std::size_t first = 0; first < kBlockScenarios; first += kLanes) {
        triangular_product(factor.data(), int(series), z.data(), x.data(), kLanes);
      }
    };
  });
}

double time_portfolio() {
  return time_steps([](std::size_t) {
    return [x = LaneArray(1, kBlockScenarios), g = LaneArray(1, kBlockScenarios),
            sum = LaneArray(1, kBlockScenarios)](int) mutable {
      for (std::size_t c = 0; c < series; ++c) {
        exp_lanes(x.row(0), g.row(0), kBlockScenarios);
        const double* from = g.row(0);
        double* to = sum.row(0);
        for (std::size_t lane = 0; lane < kBlockScenarios; ++lane) to[lane] += 0.02 * from[lane];
      }
    };
  });
}

double time_model(ModelKind kind) {
  ScenarioParameters parameters;
  parameters.model = kind;
  parameters.horizon_years = steps / 12.0;
  parameters.block_bootstrap.mean_block = 6;
  std::vector<SeriesRule> rules;
  for (std::size_t c = 0; c < series; ++c) rules.push_back({fmt::format("series {}", c), false, {}, ""});
  const World world(parameters, history(), YieldCurve(), rules);
  ProjectionParameters mix;
  mix.weights.assign(series, 1.0 / double(series));
  mix.initial_assets = 1.0;
  return time_steps([&](std::size_t block) {
    return
        [path = WorldPath(world, PcgSequence(1, Sequence::evaluate), block * kBlockScenarios, kBlockScenarios, steps),
         wealth = Projection(mix, kBlockScenarios)](int t) mutable {
          path.step();
          wealth.step(t, path.series_gross(), path.cash_gross(), nullptr);
        };
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 4) {
    fmt::print(stderr, "usage: ballast_bench_paths [SCENARIOS [STEPS [SERIES]]]\n");
    return 64;
  }
  if (count > 1) scenarios = std::stoul(arguments[1]);
  if (count > 2) steps = std::stoi(arguments[2]);
  if (count > 3) series = std::stoul(arguments[3]);
  const double normals = time_normals(), product = time_product(), portfolio = time_portfolio();
  fmt::print("normals {:.4f}\nproduct {:.4f}\nportfolio {:.4f}\nfloor {:.4f}\n", normals, product, portfolio,
             normals + product + portfolio);
  for (const char* name : {"normal", "student_t", "gaussian_copula", "t_copula", "filtered_historical",
                           "regime_switching", "block_bootstrap"}) {
    for (int k = 0; k < int(ModelKind::file); ++k) {
      if (name_of(ModelKind(k)) == std::string(name)) fmt::print("{} {:.4f}\n", name, time_model(ModelKind(k)));
    }
  }
}
