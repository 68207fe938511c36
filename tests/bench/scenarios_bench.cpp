#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "scenarios/base/lane_math.h"
#include "scenarios/models/innovations.h"
#include "tests/bench/bench.h"

namespace ballast::bench {
namespace {

constexpr std::size_t kLanes = kBlockScenarios;
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Fills `out` with one draw after another of a standard distribution.
template <class Distribution, class Number>
void add_standard(const std::string& name, Distribution distribution, std::vector<Number> out) {
  add(name, "number", out.size(), [=, engine = std::mt19937_64(1)]() mutable {
    for (Number& x : out) x = distribution(engine);
    benchmark::DoNotOptimize(out.data());
  });
}

void add_random_numbers() {
  const std::vector<double> numbers(kLanes);
  const std::vector<std::uint32_t> indices(kLanes);
  add("uniforms", "number", kLanes, [draws = endless_draws(), u = numbers]() mutable { draws.uniforms(u.data()); });
  add_standard("uniforms | std, mt19937_64", std::uniform_real_distribution<double>(), numbers);
  add("normals", "number", kLanes, [draws = endless_draws(), z = numbers]() mutable { draws.normals(z.data()); });
  add_standard("normals | std, mt19937_64", std::normal_distribution<double>(), numbers);
  add("indices below 360", "number", kLanes,
      [draws = endless_draws(), k = indices]() mutable { draws.indices(360, k.data()); });
  add_standard("indices below 360 | std, mt19937_64", std::uniform_int_distribution<std::uint32_t>(0, 359), indices);
}

void add_exp() {
  std::vector<double> x(kLanes), y(kLanes);
  for (std::size_t i = 0; i < kLanes; ++i) x[i] = -3.0 * double(i) / double(kLanes);
  add("exp", "number", kLanes, [=]() mutable { exp_lanes(x.data(), y.data(), kLanes); });
  add("exp | std::exp", "number", kLanes, [=]() mutable {
    for (std::size_t i = 0; i < kLanes; ++i) y[i] = std::exp(x[i]);
    benchmark::DoNotOptimize(y.data());
  });
}

void add_triangular_product(int n) {
  const std::string name = fmt::format("correlating {} variables", n);
  const RowMatrix factor = RowMatrix::Constant(n, n, 0.1).triangularView<Eigen::Lower>();
  const auto size = std::size_t(n);
  BlockDraws draws = endless_draws();
  LaneArray z(size, kLanes), x(size, kLanes);
  for (std::size_t i = 0; i < size; ++i) draws.normals(z.row(i));
  Eigen::MatrixXd peer_z(n, kLanes), peer_x(n, kLanes);
  for (int i = 0; i < n; ++i) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) peer_z(i, long(lane)) = z(std::size_t(i), lane);
  }
  add(name, "scenario", kLanes, [=, in = std::move(z), out = std::move(x)]() mutable {
    triangular_product(factor.data(), n, in.data(), out.data(), kLanes);
  });
  add(name + " | Eigen, a scenario at a time", "scenario", kLanes, [=]() mutable {
    for (long lane = 0; lane < long(kLanes); ++lane) {
      peer_x.col(lane).noalias() = factor.triangularView<Eigen::Lower>() * peer_z.col(lane);
    }
    benchmark::DoNotOptimize(peer_x.data());
  });
}

/// One step of the stationary bootstrap, 30 years of months in blocks of 6 on average.
void add_bootstrap(int columns) {
  constexpr int kPeriods = 360;
  const std::string name = fmt::format("stationary bootstrap of {} columns", columns);
  const auto size = std::size_t(columns);
  InnovationHistory history;
  history.rows = Eigen::MatrixXd::Random(kPeriods, columns);
  history.series = columns;
  history.columns.assign(size, "series");
  history.dates.resize(kPeriods);
  ScenarioParameters parameters;
  parameters.block_bootstrap.mean_block = 6;

  struct Bootstrap {
    std::unique_ptr<InnovationModel> model;
    std::unique_ptr<InnovationPath> path;
    LaneArray out;
  };
  Bootstrap bootstrap{make_model(parameters, history), nullptr, LaneArray(size, kLanes)};
  bootstrap.path = bootstrap.model->start(kLanes);
  add(name, "row", kLanes,
      [draws = endless_draws(), b = std::move(bootstrap)]() mutable { b.path->step(draws, b.out); });

  // What no bootstrap can do without: rows written, and rows put together from so few that they stay in the first
  // cache.
  add(name + " | written alone", "row", kLanes, [out = LaneArray(size, kLanes), value = 0.0]() mutable {
    out.fill(value += 1.0);
    benchmark::DoNotOptimize(out.data());
  });
  std::vector<std::uint32_t> few(kLanes);
  for (std::size_t lane = 0; lane < kLanes; ++lane) few[lane] = std::uint32_t(7 * lane % 16);
  add(name + " | gathered from 16 rows", "row", kLanes,
      [table = RowTable(16, size), few, out = LaneArray(size, kLanes)]() mutable {
        table.gather(few.data(), out.data(), kLanes);
        benchmark::DoNotOptimize(out.data());
      });

  const RowMatrix rows = history.rows;
  std::vector<double> drawn(kLanes * size);
  std::vector<long> row(kLanes, 0);
  add(name + " | std, a scenario at a time", "row", kLanes, [=, engine = std::mt19937_64(1)]() mutable {
    std::bernoulli_distribution begins(1.0 / 6.0);
    std::uniform_int_distribution<long> start(0, kPeriods - 1);
    for (std::size_t s = 0; s < kLanes; ++s) {
      row[s] = begins(engine) ? start(engine) : (row[s] + 1) % kPeriods;
      for (std::size_t c = 0; c < size; ++c) drawn[s * size + c] = rows(row[s], long(c));
    }
    benchmark::DoNotOptimize(drawn.data());
  });
}

}  // namespace

void add_scenarios() {
  add_random_numbers();
  add_exp();
  for (int n : {6, 10, 50}) add_triangular_product(n);
  for (int columns : {6, 50}) add_bootstrap(columns);
}

}  // namespace ballast::bench
