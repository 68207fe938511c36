#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/random/draws.h"

// Statistical tests of the draws as models see them. Every check is two-sided at alpha = 1e-6 (4.8916 standard errors,
// or the chi-square's quantile); seeds are fixed, so a check that passes once passes always.

using namespace ballast;

namespace {

constexpr double kSigmas = 4.8916;
constexpr std::size_t kScenarios = 1 << 18;

// Chi-square statistic as a standard normal deviate (Wilson & Hilferty 1931).
double chi_square_deviate(const std::vector<std::uint64_t>& counts, double total) {
  const double expected = total / static_cast<double>(counts.size());
  double chi2 = 0.0;
  for (std::uint64_t c : counts)
    chi2 += (static_cast<double>(c) - expected) * (static_cast<double>(c) - expected) / expected;
  const double df = static_cast<double>(counts.size() - 1);
  return (std::cbrt(chi2 / df) - (1.0 - 2.0 / (9.0 * df))) / std::sqrt(2.0 / (9.0 * df));
}

std::size_t bin(double u, std::size_t bins) { return static_cast<std::size_t>(u * static_cast<double>(bins)); }

std::vector<double> uniforms(std::uint64_t draws, std::uint64_t skip) {
  BlockDraws block(PcgSequence(1, Sequence::evaluate), 0, kScenarios, draws);
  std::vector<double> u(block.lanes());
  block.skip(skip);
  block.uniforms(u.data());
  return u;
}

}  // namespace

TEST_CASE("normals: four moments, within and across scenarios") {
  const std::uint64_t draws = 8;
  BlockDraws block(PcgSequence(20261122, Sequence::optimise), 0, kScenarios, draws);
  std::vector<std::vector<double>> z(draws, std::vector<double>(kScenarios));
  for (auto& row : z) block.normals(row.data());
  const double n = static_cast<double>(kScenarios);
  double total[5] = {};
  for (const auto& row : z) {
    double m[5] = {};
    for (double x : row) {
      double power = 1.0;
      for (double& sum : m) {
        sum += power;
        power *= x;
      }
    }
    for (int k = 0; k < 5; ++k) total[k] += m[k];
    CHECK(std::fabs(m[1] / n) < kSigmas * std::sqrt(1.0 / n));
    CHECK(std::fabs(m[2] / n - 1.0) < kSigmas * std::sqrt(2.0 / n));
    CHECK(std::fabs(m[3] / n) < kSigmas * std::sqrt(15.0 / n));
    CHECK(std::fabs(m[4] / n - 3.0) < kSigmas * std::sqrt(96.0 / n));
  }
  CHECK(std::fabs(total[4] / total[0] - 3.0) < kSigmas * std::sqrt(96.0 / total[0]));

  // Correlations of the draws and of their squares: between draws of a scenario, and between neighbouring scenarios.
  auto correlations = [&](const double* a, const double* b, std::size_t count) {
    double product = 0.0, squares = 0.0;
    for (std::size_t s = 0; s < count; ++s) {
      product += a[s] * b[s];
      squares += (a[s] * a[s] - 1.0) * (b[s] * b[s] - 1.0) / 2.0;
    }
    const double se = std::sqrt(static_cast<double>(count));
    CHECK(std::fabs(product) / se < kSigmas);
    CHECK(std::fabs(squares) / se < kSigmas);
  };
  for (std::size_t i = 0; i < draws; ++i) {
    for (std::size_t j = 0; j < i; ++j) correlations(z[i].data(), z[j].data(), kScenarios);
    for (std::size_t lag : {1u, 2u, 16u, 1024u}) correlations(z[i].data(), z[i].data() + lag, kScenarios - lag);
  }
}

namespace {

// Uniformity of u(s), s the scenario: of its high and its low bits, and of pairs of scenarios `lag` apart.
struct Uniformity {
  double high, low;
  std::vector<double> pairs;  ///< for lags 1, 2, 4, ... 2^16
};

Uniformity uniformity(const std::vector<double>& u) {
  std::vector<std::uint64_t> high(1024), low(1024);
  for (double x : u) {
    ++high[bin(x, 1024)];
    ++low[bin(std::fmod(x * 0x1p40, 1.0), 1024)];
  }
  const double n = static_cast<double>(u.size());
  Uniformity result{chi_square_deviate(high, n), chi_square_deviate(low, n), {}};
  for (std::size_t lag = 1; lag <= 1 << 16; lag *= 2) {
    std::vector<std::uint64_t> pairs(64 * 64);
    for (std::size_t s = 0; s < u.size(); ++s) {
      if (s / lag % 2 == 0) ++pairs[bin(u[s], 64) * 64 + bin(u[s + lag], 64)];
    }
    result.pairs.push_back(chi_square_deviate(pairs, n / 2));
  }
  return result;
}

}  // namespace

TEST_CASE("uniforms across scenarios at the same draw, for draw counts with large powers of two") {
  for (std::uint64_t draws :
       {std::uint64_t{1}, std::uint64_t{6000}, std::uint64_t{61440}, std::uint64_t{1} << 20, std::uint64_t{3} << 22}) {
    for (std::uint64_t j : {std::uint64_t{0}, draws / 2, draws - 1}) {
      const Uniformity found = uniformity(uniforms(draws, j));
      CHECK(std::fabs(found.high) < kSigmas);
      CHECK(std::fabs(found.low) < kSigmas);
      for (double pair : found.pairs) CHECK(std::fabs(pair) < kSigmas);
    }
  }
}

TEST_CASE("the tests above see the traps: scenarios a power of two apart") {
  const PcgSequence sequence(1, Sequence::evaluate);
  auto spaced = [&](int bits) {
    std::vector<double> u(kScenarios);
    for (std::uint64_t s = 0; s < u.size(); ++s) u[s] = sequence.uniform(s << bits);
    return uniformity(u);
  };
  CHECK(std::fabs(spaced(48).high) > kSigmas);
  CHECK(std::fabs(spaced(24).pairs[10]) > kSigmas);
}

TEST_CASE("indices are uniform") {
  BlockDraws block(PcgSequence(2, Sequence::optimise), 0, kScenarios, 4);
  std::vector<std::uint32_t> k(block.lanes());
  for (std::uint32_t n : {2u, 12u, 787u}) {
    block.indices(n, k.data());
    std::vector<std::uint64_t> counts(n);
    for (std::uint32_t i : k) ++counts[i];
    CHECK(std::fabs(chi_square_deviate(counts, static_cast<double>(k.size()))) < kSigmas + (n == 2 ? 1.0 : 0.0));
  }
}

TEST_CASE("the three sets and neighbouring seeds are uncorrelated") {
  const std::size_t n = 1 << 16;
  std::vector<std::vector<double>> z;
  for (std::uint64_t seed : {1, 2, 3}) {
    for (Sequence set : {Sequence::optimise, Sequence::evaluate, Sequence::calibrate}) {
      z.emplace_back(n);
      BlockDraws(PcgSequence(seed, set), 0, n, 1).normals(z.back().data());
    }
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double product = 0.0;
      for (std::size_t s = 0; s < n; ++s) product += z[i][s] * z[j][s];
      CHECK(std::fabs(product) / std::sqrt(static_cast<double>(n)) < kSigmas);
    }
  }
}
