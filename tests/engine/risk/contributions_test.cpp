#include "engine/risk/contributions.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "scenarios/stats/tail.h"

using namespace ballast;

namespace {

/// Losses of weights on row-major returns, plus `rest`.
std::vector<double> losses(const std::vector<double>& returns, const std::vector<double>& weights,
                           const std::vector<double>& rest) {
  std::vector<double> loss(rest);
  for (std::size_t s = 0; s < rest.size(); ++s) {
    for (std::size_t i = 0; i < weights.size(); ++i) loss[s] -= weights[i] * returns[s * weights.size() + i];
  }
  return loss;
}

double sum(const CvarContributions& c) {
  double total = c.rest.value;
  for (const Estimate& one : c.asset) total += one.value;
  return total;
}

}  // namespace

TEST_CASE("contributions by hand, the atom at VaR split") {
  // Losses of weights (1, 1): 4, 3, 3, 1; at 50% the tail is 4 and half of each 3.
  const std::vector<double> returns{-4, 0, -1, -2, -3, 0, 0, -1};
  const std::vector<double> loss = losses(returns, {1, 1}, std::vector<double>(4, 0.0));
  const CvarContributions c = cvar_contributions(returns.data(), loss, std::vector<double>{1, 1}, 0.5);
  CHECK(c.asset[0].value == doctest::Approx(0.5 * 4 + 0.25 * 1 + 0.25 * 3));
  CHECK(c.asset[1].value == doctest::Approx(0.25 * 2));
  CHECK(c.rest.value == doctest::Approx(0.0));
  // Of one scenario there is no error to be told.
  const CvarContributions one =
      cvar_contributions(returns.data(), std::vector<double>{4}, std::vector<double>{1, 1}, 0.5);
  CHECK(one.asset[0].value == 4);
  CHECK(std::isnan(one.asset[0].standard_error));
}

TEST_CASE("contributions add to CVaR, with liabilities and unequal probabilities") {
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.1, 1.0);
  const std::size_t count = 2000;
  std::vector<double> returns(3 * count), rest(count), p(count);
  for (double& r : returns) r = 0.01 + 0.05 * normal(engine);
  double total = 0.0;
  for (std::size_t s = 0; s < count; ++s) {
    rest[s] = 0.02 * normal(engine) + 0.3 * returns[3 * s];
    total += p[s] = uniform(engine);
  }
  for (double& one : p) one /= total;
  const std::vector<double> weights{0.5, 0.3, 0.2}, loss = losses(returns, weights, rest);
  for (const double confidence : {0.0, 0.5, 0.95, 0.9953}) {
    const CvarContributions c = cvar_contributions(returns.data(), loss, weights, confidence, p);
    CHECK(sum(c) == doctest::Approx(tail_measures(loss, std::max(confidence, 1e-12), p).cvar).epsilon(1e-9));
  }
}

TEST_CASE("standard errors of contributions match their spread over independent sets, alpha 1e-6") {
  // Normal returns: the contribution of asset i is w_i (-mu_i + cov_i / sd z), and the errors' ratio has a chi-square.
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  constexpr int kSets = 200;
  const std::size_t count = 1500;
  const std::vector<double> weights{0.7, 0.3}, none(count, 0.0);
  double first = 0.0, second = 0.0, claimed = 0.0;
  for (int k = 0; k < kSets; ++k) {
    std::vector<double> returns;
    for (std::size_t s = 0; s < count; ++s) {
      const double a = 0.1 * normal(engine), b = 0.5 * a + 0.1 * normal(engine);
      returns.insert(returns.end(), {a, b});
    }
    const Estimate c = cvar_contributions(returns.data(), losses(returns, weights, none), weights, 0.9).asset[1];
    first += c.value;
    second += c.value * c.value;
    claimed += c.standard_error * c.standard_error / kSets;
  }
  const double mean = first / kSets, variance = (second - kSets * mean * mean) / (kSets - 1);
  // The variance over 200 sets is known to 10%: five of these. Claimed errors are first-order.
  CHECK(variance / claimed > 0.5);
  CHECK(variance / claimed < 1.5);
  // w cov / sd z-tail: cov(b, L) = 0.7 x 0.005 + 0.3 x 0.0125, var L = 0.49 x 0.01 + 2 x 0.21 x 0.005 + 0.09 x 0.0125.
  const double cov = 0.7 * 0.005 + 0.3 * 0.0125, sd = std::sqrt(0.0049 + 0.0021 + 0.001125);
  CHECK(std::abs(mean - 0.3 * cov / sd * 1.754983) < 5.0 * std::sqrt(variance / kSets));
}

TEST_CASE("standard errors of scenarios drawn together are those of the influences of all scenarios") {
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.1, 1.0);
  const std::size_t count = 3000;
  std::vector<double> returns(2 * count), rest(count), some(count);
  for (double& r : returns) r = 0.01 + 0.05 * normal(engine);
  for (std::size_t s = 0; s < count; ++s) rest[s] = 0.02 * normal(engine), some[s] = uniform(engine);
  const std::vector<double> weights{0.6, 0.4}, loss = losses(returns, weights, rest);
  const double confidence = 0.9;
  for (const SamplingKind kind : {SamplingKind::pseudo, SamplingKind::antithetic, SamplingKind::moment_matching,
                                  SamplingKind::stratified, SamplingKind::sobol}) {
    for (const bool equal : {true, false}) {
      CAPTURE(int(kind));
      CAPTURE(equal);
      SamplingParameters sampling;
      sampling.kind = kind;
      ScenarioWeights of_each;
      if (!equal) of_each.probability = some;
      of_each.replications = Replications(sampling);
      const CvarContributions c = cvar_contributions(returns.data(), loss, weights, confidence, of_each);
      // Slow and obvious: sort all, an influence for each. No ties, so the tail's last scenario alone is in it in part.
      std::vector<std::size_t> order(count);
      for (std::size_t s = 0; s < count; ++s) order[s] = s;
      std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return loss[a] > loss[b]; });
      double total = 0.0;
      for (std::size_t s = 0; s < count; ++s) total += equal ? 1.0 : some[s];
      for (std::size_t i = 0; i < weights.size(); ++i) {
        auto x = [&](std::size_t s) { return -weights[i] * returns[s * weights.size() + i]; };
        double mean = 0.0, filled = 0.0;
        std::size_t tail = 0;
        for (; filled < (1 - confidence) * (1 - 1e-12); ++tail) {
          const double p = (equal ? 1.0 : some[order[tail]]) / total;
          mean += std::min(p, 1 - confidence - filled) / (1 - confidence) * x(order[tail]);
          filled += p;
        }
        const std::size_t near = std::size_t(2 * std::sqrt(double(tail))) + 1;
        double at_var = 0.0;
        for (std::size_t k = tail - near; k < tail; ++k) at_var += x(order[k]) / double(near);
        std::vector<double> influence(count, at_var - mean);
        for (std::size_t k = 0; k < tail; ++k) influence[order[k]] += (x(order[k]) - at_var) / (1 - confidence);
        CHECK(c.asset[i].value == doctest::Approx(mean).epsilon(1e-9));
        CHECK(c.asset[i].standard_error == doctest::Approx(standard_error(influence, of_each)).epsilon(1e-9));
      }
    }
  }
}
