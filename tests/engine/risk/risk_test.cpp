#include "engine/risk/risk.h"

#include <cmath>
#include <cstdint>
#include <stdexcept>

#include <doctest/doctest.h>

using namespace ballast;
using doctest::Approx;

namespace {

/// Standard normals for tests: Box-Muller on a linear congruential generator.
struct Normals {
  std::uint64_t state;
  double next() {
    auto uniform = [&] {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      return (double(state >> 11) + 0.5) * 0x1p-53;
    };
    double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }
};

std::vector<double> lognormal_returns(std::size_t count, double mu, double sigma, std::uint64_t seed) {
  Normals normals{seed};
  std::vector<double> r(count);
  for (double& x : r) x = std::expm1(mu + sigma * normals.next());
  return r;
}

}  // namespace

TEST_CASE("measures of four scenarios, by hand") {
  std::vector<double> r = {0.21, 0.0, -0.19, 0.44};
  ReturnMeasures m = measure_returns(r, {}, 2.0, 0.05, 0.75);
  double mean = 0.115, variance = (0.095 * 0.095 + 0.115 * 0.115 + 0.305 * 0.305 + 0.325 * 0.325) / 4;
  CHECK(m.expected_return.value == Approx(mean));
  CHECK(m.expected_return.standard_error == Approx(std::sqrt(variance / 4)));
  CHECK(m.volatility.value == Approx(std::sqrt(variance)));
  CHECK(m.annual_return.value == Approx(std::sqrt(1.115) - 1));
  CHECK(m.sharpe.value == Approx((mean - 0.05) / std::sqrt(variance) / std::sqrt(2.0)));
  double log_mean = (std::log(1.21) + std::log(0.81) + std::log(1.44)) / 4, log_variance = 0;
  for (double x : {1.21, 1.0, 0.81, 1.44}) log_variance += std::pow(std::log(x) - log_mean, 2) / 4;
  CHECK(m.annual_volatility.value == Approx(std::sqrt(log_variance / 2)));
  CHECK(m.tail.var == 0.0);  // the smallest x with P(loss <= x) >= 3/4
  CHECK(m.tail.cvar == Approx(0.19));
}

TEST_CASE("probabilities: a scenario of twice the probability counts as two, whatever they sum to") {
  std::vector<double> twice = {0.1, 0.1, -0.2, 0.3}, once = {0.1, -0.2, 0.3}, weight = {0.4, 0.2, 0.2};
  ReturnMeasures a = measure_returns(twice, {}, 1.0, 0.02, 0.9), b = measure_returns(once, weight, 1.0, 0.02, 0.9);
  CHECK(a.expected_return.value == Approx(b.expected_return.value));
  CHECK(a.volatility.value == Approx(b.volatility.value));
  CHECK(a.annual_volatility.value == Approx(b.annual_volatility.value));
  CHECK(a.sharpe.value == Approx(b.sharpe.value));
  CHECK(a.tail.cvar == Approx(b.tail.cvar));
  std::vector<double> equal(4, 7.0);
  ReturnMeasures c = measure_returns(twice, equal, 1.0, 0.02, 0.9);
  CHECK(c.sharpe.standard_error == Approx(a.sharpe.standard_error));
  CHECK(c.volatility.standard_error == Approx(a.volatility.standard_error));
}

TEST_CASE("lognormal returns: every measure within 4.9 standard errors (alpha 1e-6) of its closed form") {
  double mu = 0.08, sigma = 0.25, h = 2.0, risk_free = 0.06;
  std::vector<double> r = lognormal_returns(200000, mu, sigma, 99);
  ReturnMeasures m = measure_returns(r, {}, h, risk_free, 0.95);
  double growth = std::exp(mu + sigma * sigma / 2), v = growth * std::sqrt(std::expm1(sigma * sigma));
  auto close = [](const Estimate& found, double expected) {
    CAPTURE(found.value);
    CAPTURE(expected);
    CHECK(std::abs(found.value - expected) < 4.9 * found.standard_error);
  };
  close(m.expected_return, growth - 1);
  close(m.volatility, v);
  close(m.annual_return, std::sqrt(growth) - 1);
  close(m.annual_volatility, sigma / std::sqrt(h));
  close(m.sharpe, (growth - 1 - risk_free) / v / std::sqrt(h));
  double z95 = 1.6448536269514722;
  close({m.tail.var, m.tail.var_standard_error}, -std::expm1(mu - sigma * z95));
  double tail_mean = growth * 0.5 * std::erfc((z95 + sigma) / std::sqrt(2.0)) / 0.05;
  close({m.tail.cvar, m.tail.cvar_standard_error}, 1 - tail_mean);
}

TEST_CASE("standard errors are the spread of the estimates over repeated samples") {
  // 400 samples: the standard deviation of 400 estimates is known to 1/sqrt(800) = 3.5%; 4.9 of that (alpha 1e-6) is
  // 17%.
  constexpr int kSamples = 400;
  double sum[5] = {}, squares[5] = {}, claimed[5] = {};
  for (int k = 0; k < kSamples; ++k) {
    std::vector<double> r = lognormal_returns(1000, 0.4, 0.2, 1000 + std::uint64_t(k));
    ReturnMeasures m = measure_returns(r, {}, 0.5, 0.01, 0.9);
    const Estimate measured[] = {m.expected_return, m.volatility, m.annual_return, m.annual_volatility, m.sharpe};
    for (int i = 0; i < 5; ++i) {
      sum[i] += measured[i].value;
      squares[i] += measured[i].value * measured[i].value;
      claimed[i] += measured[i].standard_error / kSamples;
    }
  }
  for (int i = 0; i < 5; ++i) {
    CAPTURE(i);
    double spread = std::sqrt((squares[i] - sum[i] * sum[i] / kSamples) / (kSamples - 1));
    CHECK(std::abs(claimed[i] / spread - 1) < 0.17);
  }
}

TEST_CASE("what is not defined is NaN, and what is wrong is refused") {
  std::vector<double> ruin = {-1.0, 0.1}, flat = {0.03, 0.03};
  CHECK(std::isnan(measure_returns(ruin, {}, 1.0, 0.0, 0.9).annual_volatility.value));
  CHECK(measure_returns(ruin, {}, 1.0, 0.0, 0.9).volatility.value == Approx(0.55));
  ReturnMeasures m = measure_returns(flat, {}, 1.0, 0.0, 0.9);
  CHECK(m.volatility.value == 0.0);
  CHECK(std::isnan(m.sharpe.value));
  const ReturnMeasures one = measure_returns(std::vector<double>{0.03}, {}, 1.0, 0.0, 0.9);
  CHECK(one.expected_return.value == 0.03);
  CHECK(std::isnan(one.expected_return.standard_error));
  CHECK(std::isnan(one.volatility.standard_error));
  CHECK(std::isnan(measure_returns(ruin, {}, 1.0, std::nullopt, 0.9).sharpe.value));
  CHECK_THROWS_AS(measure_returns({}, {}, 1.0, 0.0, 0.9), std::invalid_argument);
  CHECK_THROWS_AS(measure_returns(ruin, std::vector<double>{1.0}, 1.0, 0.0, 0.9), std::invalid_argument);
  CHECK_THROWS_AS(measure_returns(ruin, {}, 0.0, 0.0, 0.9), std::invalid_argument);
}

TEST_CASE("portfolio returns and surplus losses follow their definitions") {
  double returns[] = {0.1, -0.2, 0.05, 0.4, 0.0, -0.5};
  std::vector<double> weights = {0.5, 0.3, 0.2}, liability = {0.97, 1.02};
  std::vector<double> r = portfolio_returns(returns, 2, weights);
  CHECK(r[0] == Approx(0.05 - 0.06 + 0.01));
  CHECK(r[1] == Approx(0.2 - 0.1));
  std::vector<double> loss = surplus_losses(returns, liability, weights);
  CHECK(loss[0] == Approx(0.97 - (0.5 * 1.1 + 0.3 * 0.8 + 0.2 * 1.05)));
  CHECK(loss[1] == Approx(1.02 - (0.5 * 1.4 + 0.3 * 1.0 + 0.2 * 0.5)));
}
