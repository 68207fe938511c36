#include "scenarios/stats/tail.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/random/draws.h"
#include "scenarios/random/normal.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/quantile.h"

using namespace ballast;
using doctest::Approx;

namespace {

// VaR and CVaR straight from their definitions: O(n^2).
double slow_var(const std::vector<double>& loss, const std::vector<double>& p, double b) {
  double best = INFINITY;
  for (double x : loss) {
    double below = 0.0;
    for (std::size_t i = 0; i < loss.size(); ++i) below += loss[i] <= x ? p[i] : 0.0;
    if (below >= b - 1e-12) best = std::min(best, x);
  }
  return best;
}

double slow_cvar(const std::vector<double>& loss, const std::vector<double>& p, double b) {
  const double var = slow_var(loss, p, b);
  double below = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < loss.size(); ++i) {
    if (loss[i] > var) sum += p[i] * loss[i];
    if (loss[i] <= var) below += p[i];
  }
  return (sum + (below - b) * var) / (1.0 - b);
}

void shuffle(std::vector<double>& x, std::vector<double>& y, std::uint64_t seed) {
  const PcgSequence random(seed, Sequence::calibrate);
  for (std::size_t i = x.size(); i > 1; --i) {
    const std::size_t k = random.index(i, static_cast<std::uint32_t>(i));
    std::swap(x[i - 1], x[k]);
    std::swap(y[i - 1], y[k]);
  }
}

}  // namespace

TEST_CASE("VaR and CVaR of ten losses, by hand") {
  std::vector<double> loss(10);
  std::iota(loss.begin(), loss.end(), 1.0);
  CHECK(tail_measures(loss, 0.95).var == 10.0);
  CHECK(tail_measures(loss, 0.95).cvar == Approx(10.0).epsilon(1e-15));
  CHECK(tail_measures(loss, 0.9).var == 9.0);
  CHECK(tail_measures(loss, 0.9).cvar == Approx(10.0).epsilon(1e-14));
  // (1 - b) n = 2.5: the atom at 8 is split, 4 (0.1 x 9 + 0.1 x 10 + 0.05 x 8).
  CHECK(tail_measures(loss, 0.75).var == 8.0);
  CHECK(tail_measures(loss, 0.75).cvar == Approx(9.2).epsilon(1e-14));
  CHECK(tail_measures(std::vector<double>{3.0}, 0.95).cvar == 3.0);
  CHECK(tail_measures(std::vector<double>(7, -1.5), 0.8).cvar == -1.5);
}

TEST_CASE("a grid of confidences falls on the right order statistic") {
  std::vector<double> loss(1000);
  std::iota(loss.begin(), loss.end(), 1.0);
  for (int k = 1; k < 1000; ++k) {
    const double b = k / 1000.0;
    CHECK(tail_measures(loss, b).var == k);
    CHECK(quantile(loss, b) == k);
    CHECK(quantile(loss, {}, b) == k);
    CHECK(quantile(loss, std::vector<double>(1000, 0.001), b) == k);
    CHECK(quantile(loss, b + 1e-6) == k + 1);
  }
}

TEST_CASE("equal and unequal probabilities against the definitions, ties included, whatever the order") {
  const PcgSequence random(11, Sequence::calibrate);
  for (std::size_t n : {1u, 2u, 7u, 100u, 401u}) {
    std::vector<double> loss(n), equal(n, 1.0 / static_cast<double>(n)), p(n);
    for (std::size_t i = 0; i < n; ++i) {
      loss[i] = std::floor(20.0 * random.uniform(i)) - 10.0 + (i % 3 == 0 ? random.uniform(1000 + i) : 0.0);
      p[i] = i % 11 == 5 ? 0.0 : std::pow(random.uniform(2000 + i), 3);
    }
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    std::vector<double> normalised = p;
    for (double& w : normalised) w /= total;
    for (double b : {0.01, 0.3, 0.5, 0.9, 0.95, 0.975, 0.995}) {
      const TailMeasures plain = tail_measures(loss, b);
      CHECK(plain.var == slow_var(loss, equal, b));
      CHECK(plain.cvar == Approx(slow_cvar(loss, equal, b)).epsilon(1e-11));
      const TailMeasures weighted = tail_measures(loss, b, p);
      CHECK(weighted.var == slow_var(loss, normalised, b));
      CHECK(weighted.cvar == Approx(slow_cvar(loss, normalised, b)).epsilon(1e-11));
      CHECK(quantile(loss, p, b) == weighted.var);
      // Rockafellar & Uryasev (2000): CVaR is the least of a + E[(L - a)+] / (1 - b).
      double least = INFINITY;
      for (double a : loss) {
        double value = a;
        for (std::size_t i = 0; i < n; ++i) value += normalised[i] * std::max(loss[i] - a, 0.0) / (1.0 - b);
        least = std::min(least, value);
      }
      CHECK(weighted.cvar == Approx(least).epsilon(1e-11));

      std::vector<double> other_loss = loss, other_p = p;
      shuffle(other_loss, other_p, n + 1);
      const TailMeasures shuffled = tail_measures(other_loss, b, other_p);
      CHECK(std::memcmp(&weighted, &shuffled, sizeof weighted) == 0);
      const TailMeasures plain_shuffled = tail_measures(other_loss, b);
      CHECK(std::memcmp(&plain, &plain_shuffled, sizeof plain) == 0);
    }
  }
}

TEST_CASE("standard errors are the spread of repeated estimates") {
  // 600 samples of 4,000; the spread's own standard error is 1 / sqrt(1200) = 2.9%, and 4.9 of them (alpha 1e-6) and 3%
  // for the bias of the asymptotic formulas are allowed. Loss: standard normal, then its cube (fat tails).
  const std::size_t n = 4000, repetitions = 600;
  for (int power : {1, 3}) {
    BlockDraws block(PcgSequence(7, Sequence::calibrate), 0, n, repetitions);
    std::vector<double> z(block.lanes()), var, cvar, var_error, cvar_error, weighted_cvar, weighted_var,
        weighted_error[2];
    for (std::size_t r = 0; r < repetitions; ++r) {
      block.normals(z.data());
      std::vector<double> loss(z.begin(), z.begin() + n), tilted(n), p(n);
      for (std::size_t i = 0; i < n; ++i) {
        loss[i] = std::pow(loss[i], power);
        // The same distribution sampled from N(1, 1) and re-weighted by the likelihood ratio.
        const double shifted = z[i] + 1.0;
        tilted[i] = std::pow(shifted, power);
        p[i] = std::exp(0.5 - shifted);
      }
      const TailMeasures m = tail_measures(loss, 0.95);
      var.push_back(m.var);
      cvar.push_back(m.cvar);
      var_error.push_back(m.var_standard_error);
      cvar_error.push_back(m.cvar_standard_error);
      const TailMeasures w = tail_measures(tilted, 0.95, p);
      weighted_var.push_back(w.var);
      weighted_cvar.push_back(w.cvar);
      weighted_error[0].push_back(w.var_standard_error);
      weighted_error[1].push_back(w.cvar_standard_error);
    }
    const double allowed = 4.9 / std::sqrt(2.0 * repetitions) + 0.03;
    const double ratios[] = {mean(var_error) / standard_deviation(var), mean(cvar_error) / standard_deviation(cvar),
                             mean(weighted_error[0]) / standard_deviation(weighted_var),
                             mean(weighted_error[1]) / standard_deviation(weighted_cvar)};
    MESSAGE("power " << power << ": stated / observed standard error: VaR " << ratios[0] << ", CVaR " << ratios[1]
                     << ", re-weighted VaR " << ratios[2] << ", CVaR " << ratios[3]);
    for (double ratio : ratios) CHECK(std::fabs(ratio - 1.0) < allowed);
    // And they estimate the truth: the normal's VaR and CVaR (the cube's VaR), within 4.9 standard errors of the mean.
    const double z95 = inverse_normal(0.95);
    const double slack = 4.9 / std::sqrt(static_cast<double>(repetitions));
    CHECK(std::fabs(mean(var) - std::pow(z95, power)) < slack * standard_deviation(var) + 0.002 * power * power);
    if (power == 1) {
      const double exact = std::exp(-0.5 * z95 * z95) / std::sqrt(2.0 * std::acos(-1.0)) / 0.05;
      CHECK(std::fabs(mean(cvar) - exact) < slack * standard_deviation(cvar) + 0.002);
      CHECK(std::fabs(mean(weighted_cvar) - exact) < slack * standard_deviation(weighted_cvar) + 0.002);
    }
  }
}

TEST_CASE("tail measures of nothing, of what is not a number, and outside their domain") {
  CHECK(std::isnan(tail_measures({}, 0.95).var));
  const TailMeasures one = tail_measures(std::vector<double>{2.0}, 0.95);  // one scenario knows nothing of its error
  CHECK(one.cvar == 2.0);
  CHECK(std::isnan(one.cvar_standard_error));
  CHECK(std::isnan(one.var_standard_error));
  CHECK(std::isnan(tail_measures(std::vector<double>{1.0, std::nan(""), 2.0}, 0.95).cvar));
  CHECK_THROWS_AS(tail_measures(std::vector<double>{1.0}, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(tail_measures(std::vector<double>{1.0}, -0.1), std::invalid_argument);
  CHECK_THROWS_AS(tail_measures(std::vector<double>{1.0}, 0.5, std::vector<double>{0.5, 0.5}), std::invalid_argument);
  CHECK_THROWS_AS(tail_measures(std::vector<double>{1.0, 2.0}, 0.5, std::vector<double>{-0.5, 1.5}),
                  std::invalid_argument);
  CHECK_THROWS_AS(tail_measures(std::vector<double>{1.0, 2.0}, 0.5, std::vector<double>{0.0, 0.0}),
                  std::invalid_argument);
}

TEST_CASE("quantiles at the ends") {
  const std::vector<double> x = {1.0, 2.0, 3.0};
  CHECK(quantile(x, 0.0) == 1.0);
  CHECK(quantile(x, 1.0) == 3.0);
  CHECK(quantile(x, {}, 0.0) == 1.0);
  CHECK(quantile(x, {}, 1.0) == 3.0);
  CHECK(quantile(x, std::vector<double>{0.0, 1.0, 0.0}, 0.0) == 2.0);
  CHECK(quantile(x, std::vector<double>{0.0, 1.0, 0.0}, 1.0) == 2.0);
  CHECK(quantile(x, 0.5) == 2.0);
  CHECK(std::isnan(quantile(std::vector<double>{}, 0.5)));
  CHECK_THROWS_AS(quantile(x, 1.1), std::invalid_argument);
}
