#include <algorithm>
#include <cmath>
#include <set>

#include <boost/random/sobol.hpp>
#include <doctest/doctest.h>

#include "scenarios/random/draws.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sobol.h"
#include "scenarios/stats/scenario_weights.h"

using namespace ballast;
using doctest::Approx;

namespace {

constexpr SamplingKind kKinds[] = {SamplingKind::pseudo, SamplingKind::antithetic, SamplingKind::moment_matching,
                                   SamplingKind::stratified, SamplingKind::sobol};

SamplingParameters sampling(SamplingKind kind) {
  SamplingParameters parameters;
  parameters.kind = kind;
  return parameters;
}

DrawLayout layout_of(int steps, std::uint64_t per_step, std::uint64_t normals) {
  return {.draws = per_step * std::uint64_t(steps), .per_step = per_step, .normals_per_step = normals, .steps = steps};
}

/// All draws of scenarios first.. of a source: [draw][scenario], normals where declared, else uniforms.
std::vector<std::vector<double>> draws_of(const DrawSource& source, std::uint64_t first, std::size_t scenarios,
                                          const DrawLayout& layout) {
  BlockDraws draws(source, first, scenarios, layout);
  std::vector<std::vector<double>> all;
  for (std::uint64_t j = 0; j < layout.draws; ++j) {
    std::vector<double> row(draws.lanes());
    j % layout.per_step < layout.normals_per_step ? draws.normals(row.data()) : draws.uniforms(row.data());
    row.resize(scenarios);
    all.push_back(row);
  }
  return all;
}

struct Measured {
  double value, error;
};

/// The mean of f over 4,096 scenarios of 12 steps of 2 normals, with its standard error.
template <class F>
Measured integral(SamplingKind kind, std::uint64_t seed, F&& f) {
  const std::size_t scenarios = 4096, block = 1024;
  DrawSource source(seed, Sequence::evaluate, sampling(kind));
  std::vector<double> values(scenarios);
  for (std::size_t first = 0; first < scenarios; first += block) {
    auto z = draws_of(source, first, block, layout_of(12, 2, 2));
    for (std::size_t s = 0; s < block; ++s) {
      std::vector<double> own;
      for (const auto& row : z) own.push_back(row[s]);
      values[first + s] = f(own);
    }
  }
  ScenarioWeights weights;
  weights.replications = source.replications();
  double mean = 0;
  for (double v : values) mean += v / double(scenarios);
  for (double& v : values) v -= mean;
  return {mean, standard_error(values, weights)};
}

/// Final wealth of a half-and-half mix of two assets, simple in neither of the draws: its mean is 1 (lognormal steps).
double wealth(const std::vector<double>& z) {
  double w = 1;
  for (std::size_t t = 0; t < z.size(); t += 2) {
    w *= 0.5 * std::exp(0.05 * z[t] - 0.00125) + 0.5 * std::exp(0.03 * z[t + 1] - 0.00045);
  }
  return w;
}

}  // namespace

TEST_CASE("direction numbers are Boost's") {
  boost::random::sobol_engine<std::uint32_t, 32> engine(40);
  std::vector<std::array<std::uint32_t, 32>> directions;
  for (std::uint32_t d = 0; d < 40; ++d) directions.push_back(sobol_directions(d));
  for (std::uint32_t k = 1; k < 600; ++k) {  // the engine leaves out point 0
    for (std::uint32_t d = 0; d < 40; ++d) {
      std::uint32_t word = 0;
      for (std::uint32_t gray = k ^ (k >> 1), i = 0; gray != 0; gray >>= 1, ++i) {
        if (gray & 1) word ^= directions[d][i];
      }
      REQUIRE(engine() == word);
    }
  }
  CHECK_NOTHROW(sobol_directions(kSobolDimensions - 1));
  CHECK_THROWS_AS(sobol_directions(kSobolDimensions), std::out_of_range);
}

TEST_CASE("a scrambled replication keeps the net: one point in each elementary interval") {
  ScrambledSobol points(123, 3, 50);
  for (std::uint32_t r = 0; r < 3; ++r) {
    for (std::uint32_t d = 0; d < 50; ++d) {
      std::set<std::uint64_t> strata;
      for (std::uint64_t k = 0; k < 256; ++k) strata.insert(points.word(r, d, k) >> 56);
      REQUIRE(strata.size() == 256);
    }
    std::set<std::uint64_t> squares;  // the first two dimensions are a (0, m, 2)-net
    for (std::uint64_t k = 0; k < 256; ++k)
      squares.insert((points.word(r, 0, k) >> 60) << 4 | points.word(r, 1, k) >> 60);
    CHECK(squares.size() == 256);
  }
  CHECK(points.word(0, 7, 5) != points.word(1, 7, 5));
  std::uint64_t word = points.word(2, 9, 0);
  for (std::uint64_t k = 0; k < 300; ++k) {
    CHECK(points.word(2, 9, k) == word);
    word = points.next(2, 9, k, word);
  }
  // More dimensions change none of the first.
  CHECK(ScrambledSobol(123, 3, 60).word(1, 49, 77) == points.word(1, 49, 77));
}

TEST_CASE("a scenario's draws do not depend on its block, whatever the sampling") {
  const DrawLayout layout = layout_of(9, 5, 2);
  for (SamplingKind kind : kKinds) {
    CAPTURE(name_of(kind));
    DrawSource source(77, Sequence::optimise, sampling(kind));
    auto whole = draws_of(source, 0, 1024, layout);
    for (auto [first, count] : {std::pair<std::uint64_t, std::size_t>{0, 1}, {3, 1}, {511, 300}, {1000, 24}}) {
      auto part = draws_of(DrawSource(77, Sequence::optimise, sampling(kind)), first, count, layout);
      for (std::size_t j = 0; j < whole.size(); ++j) {
        for (std::size_t s = 0; s < count; ++s) REQUIRE(part[j][s] == whole[j][first + s]);
      }
    }
    // Skipped draws are as good as drawn ones.
    BlockDraws skipping(source, 64, 16, layout);
    skipping.skip(21);
    std::vector<double> z(16);
    skipping.normals(z.data());
    for (std::size_t s = 0; s < 16; ++s) CHECK(z[s] == whole[21][64 + s]);
  }
}

TEST_CASE("every sampling gives uniforms and independent standard normals") {
  for (SamplingKind kind : kKinds) {
    CAPTURE(name_of(kind));
    DrawSource source(5, Sequence::evaluate, sampling(kind));
    const DrawLayout layout = layout_of(8, 3, 2);
    double n = 0, first = 0, second = 0, fourth = 0, lagged = 0, across = 0, squares = 0;
    double u1 = 0, u2 = 0, smallest = 1, largest = 0;
    for (std::uint64_t block = 0; block < 16; ++block) {
      auto x = draws_of(source, block * 1024, 1024, layout);
      for (std::size_t s = 0; s < 1024; ++s) {
        for (std::size_t t = 0; t < 8; ++t) {
          double a = x[3 * t][s], b = x[3 * t + 1][s], u = x[3 * t + 2][s];
          n += 1, first += a, second += a * a, fourth += a * a * a * a, across += a * b;
          if (t > 0) lagged += a * x[3 * t - 3][s], squares += (a * a - 1) * (x[3 * t - 3][s] * x[3 * t - 3][s] - 1);
          u1 += u, u2 += u * u, smallest = std::min(smallest, u), largest = std::max(largest, u);
        }
      }
    }
    // 5 standard errors of independent draws (alpha 6e-7 each); the other samplings are closer. Antithetic pairs double
    // the variance of what is even.
    double k = 5 * std::sqrt(2 / n);
    CHECK(std::abs(first / n) < k);
    CHECK(std::abs(second / n - 1) < k * std::sqrt(2.0));
    CHECK(std::abs(fourth / n - 3) < k * std::sqrt(96.0));
    CHECK(std::abs(across / n) < k);
    CHECK(std::abs(lagged / n) < k);
    CHECK(std::abs(squares / n) < k * 2);
    CHECK(std::abs(u1 / n - 0.5) < k * std::sqrt(1 / 12.0));
    CHECK(std::abs(u2 / n - 1 / 3.0) < k * std::sqrt(4 / 45.0));
    CHECK(smallest > 0);
    CHECK(largest < 1);
  }
}

TEST_CASE("pairs are mirrored, batches have moments of exactly 0 and 1, strata are hit once each") {
  const DrawLayout layout = layout_of(4, 2, 1);
  auto pairs = draws_of(DrawSource(9, Sequence::evaluate, sampling(SamplingKind::antithetic)), 0, 64, layout);
  auto plain = draws_of(PcgSequence(9, Sequence::evaluate), 0, 64, layout);
  auto matched = draws_of(DrawSource(9, Sequence::evaluate, sampling(SamplingKind::moment_matching)), 256, 256, layout);
  auto strata = draws_of(DrawSource(9, Sequence::evaluate, sampling(SamplingKind::stratified)), 512, 256, layout);
  for (std::size_t j = 0; j < 8; ++j) {
    for (std::size_t s = 0; s < 64; s += 2) {
      CHECK(pairs[j][s] == plain[j][s]);
      CHECK(pairs[j][s + 1] == (j % 2 == 0 ? -plain[j][s] : 1 - plain[j][s]));
    }
    double mean = 0, square = 0;
    std::set<int> hit;
    for (std::size_t s = 0; s < 256; ++s) {
      double z = j % 2 == 0 ? matched[j][s] : inverse_normal(matched[j][s]);
      mean += z / 256, square += z * z / 256;
      hit.insert(int(256 * (j % 2 == 0 ? normal_cdf(strata[j][s]) : strata[j][s])));
    }
    CHECK(std::abs(mean) < 1e-12);
    CHECK(square == Approx(1).epsilon(1e-12));
    CHECK(hit.size() == 256);
  }
}

TEST_CASE("samplings reduce the error as theory says, and their standard errors cover it") {
  // 48 seeds: the mean of the squared z-scores is 1 within 5 sqrt(2/48) = 1.02 for many clusters; of 16 replications z
  // is Student t with 15 degrees of freedom, whose squares have mean 15/13 and standard deviation 1.85.
  const int seeds = 48;
  double plain = 0;
  for (SamplingKind kind : kKinds) {
    CAPTURE(name_of(kind));
    double squared_error = 0, squared_z = 0;
    for (std::uint64_t seed = 0; seed < std::uint64_t(seeds); ++seed) {
      Measured m = integral(kind, 1000 + seed, wealth);
      squared_error += (m.value - 1) * (m.value - 1) / seeds;
      squared_z += (m.value - 1) * (m.value - 1) / m.error / m.error / seeds;
    }
    if (kind == SamplingKind::pseudo) {
      plain = squared_error;
      // The variance of wealth is ((0.25 e^{0.0025} + 0.25 e^{0.0009} + 0.5)^12 - 1).
      double variance = std::pow(0.25 * std::exp(0.0025) + 0.25 * std::exp(0.0009) + 0.5, 12) - 1;
      CHECK(squared_error == Approx(variance / 4096).epsilon(0.6));
      CHECK(squared_z < 2);
      CHECK(squared_z > 0.4);
      continue;
    }
    // Wealth is nearly linear in the draws: what is even in them is a percent of its variance.
    double least_gain = kind == SamplingKind::sobol ? 100 : 20;
    CHECK(plain / squared_error > least_gain);
    CHECK(squared_z < 2.6);
    CHECK(squared_z > 0.4);
  }
}

TEST_CASE("what antithetic draws cannot help they make worse, and the standard error says so") {
  // An even function: pairs are copies, the error is sqrt(2) times that of independent draws.
  auto even = [](const std::vector<double>& z) { return z[0] * z[0]; };
  Measured pairs = integral(SamplingKind::antithetic, 3, even);
  CHECK(pairs.error == Approx(std::sqrt(2.0) * std::sqrt(2.0 / 4096)).epsilon(0.15));
  CHECK(std::abs(pairs.value - 1) < 5 * pairs.error);
}

TEST_CASE("draws beyond the Sobol table are the sequence's own") {
  const DrawLayout layout = {.draws = 4000};
  BlockDraws sobol(DrawSource(2, Sequence::evaluate, sampling(SamplingKind::sobol)), 5, 16, layout);
  PcgSequence sequence(2, Sequence::evaluate);
  std::vector<double> u(16);
  sobol.skip(3900);
  sobol.uniforms(u.data());
  for (std::uint64_t s = 0; s < 16; ++s) CHECK(u[s] == sequence.uniform((5 + s) * scenario_stride(4000) + 3900));
}

TEST_CASE("a normal that a model declared may not be taken for anything else") {
  BlockDraws sobol(DrawSource(2, Sequence::evaluate, sampling(SamplingKind::sobol)), 0, 16, layout_of(4, 1, 1));
  std::vector<double> u(16);
  CHECK_THROWS_AS(sobol.uniforms(u.data()), std::logic_error);
}
