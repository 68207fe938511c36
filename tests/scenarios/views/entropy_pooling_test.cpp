#include "scenarios/views/entropy_pooling.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/parallel.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sequence.h"
#include "scenarios/stats/moments.h"

using namespace ballast;
using doctest::Approx;

namespace {

/// Standard normals, two correlated columns.
Eigen::MatrixXd normals(Eigen::Index n, double correlation) {
  PcgSequence sequence(11, Sequence::optimise);
  Eigen::MatrixXd x(n, 2);
  for (Eigen::Index s = 0; s < n; ++s) {
    double a = inverse_normal(sequence.uniform(std::uint64_t(2 * s)));
    double b = inverse_normal(sequence.uniform(std::uint64_t(2 * s + 1)));
    x(s, 0) = a;
    x(s, 1) = correlation * a + std::sqrt(1 - correlation * correlation) * b;
  }
  return x;
}

double expectation(const Eigen::VectorXd& f, const std::vector<double>& p) {
  double sum = 0;
  for (Eigen::Index s = 0; s < f.size(); ++s) sum += p[std::size_t(s)] * f[s];
  return sum;
}

}  // namespace

TEST_CASE("a view on the mean of a normal is an exponential tilt, which moves what is correlated with it") {
  // Meucci (2008), section 4: with X normal and a view E[X1] = m, X stays normal with its covariance, and E[X2] moves
  // by correlation times m. lambda = -m in exact normals; relative entropy m^2 / 2.
  Eigen::MatrixXd x = normals(200000, 0.6);
  PooledProbabilities pooled = entropy_pooling(x.leftCols(1), {{0.3, true}}, {});
  REQUIRE(pooled.met);
  CHECK(expectation(x.col(0), pooled.probability) == Approx(0.3).epsilon(1e-11));
  CHECK(pooled.multiplier[0] == Approx(-0.3).epsilon(0.02));
  CHECK(pooled.relative_entropy == Approx(0.045).epsilon(0.03));
  Eigen::VectorXd second = x.col(1);
  CHECK(std::abs(expectation(second, pooled.probability) - 0.18) < 4 / std::sqrt(200000.0));
  CHECK(standard_deviation({second.data(), std::size_t(second.size())}, pooled.probability) == Approx(1).epsilon(0.01));
  // The tilt itself, on this sample: p ~ exp(0.3 x) up to the sample's own multiplier.
  double top = 0;
  for (std::size_t s = 0; s < 100; ++s) {
    double ratio = std::log(pooled.probability[s] / pooled.probability[0]);
    top = std::max(top, std::abs(ratio + pooled.multiplier[0] * (x(Eigen::Index(s), 0) - x(0, 0))));
  }
  CHECK(top < 1e-10);
  EffectiveScenarios effective = effective_scenarios(pooled.probability);
  CHECK(effective.by_entropy == Approx(200000 * std::exp(-pooled.relative_entropy)).epsilon(1e-9));
  CHECK(effective.by_squares == Approx(200000 * std::exp(-0.09)).epsilon(0.03));
}

TEST_CASE("a view on the variance of a normal, the mean kept, scales what is independent of nothing else") {
  // Meucci (2008), equation 22 with one view: variance s^2 by lambda_2 = (1 / s^2 - 1) / 2.
  Eigen::MatrixXd x = normals(200000, 0.0), f(200000, 2);
  f.col(0) = x.col(0);
  f.col(1) = x.col(0).array().square();
  PooledProbabilities pooled = entropy_pooling(f, {{0.0, true}, {0.64, true}}, {});
  REQUIRE(pooled.met);
  CHECK(pooled.largest_residual < 1e-10);
  CHECK(pooled.multiplier[1] == Approx(0.5 * (1 / 0.64 - 1)).epsilon(0.02));
  CHECK(pooled.relative_entropy == Approx(0.5 * (0.64 - 1 - std::log(0.64))).epsilon(0.05));
}

TEST_CASE("inequalities bind only where the prior breaks them, and the conditions of an optimum hold") {
  Eigen::MatrixXd x = normals(20000, 0.3);
  std::vector<double> prior(20000);
  for (std::size_t s = 0; s < prior.size(); ++s) prior[s] = 1 + 0.5 * std::sin(double(s));
  // E[x1] <= 1 does not bind; -E[x2] <= -0.2 does.
  Eigen::MatrixXd f = x;
  f.col(1) *= -1;
  PooledProbabilities pooled = entropy_pooling(f, {{1.0, false}, {-0.2, false}}, prior);
  REQUIRE(pooled.met);
  CHECK(pooled.multiplier[0] == 0.0);
  CHECK(pooled.multiplier[1] > 0.0);
  CHECK(expectation(x.col(1), pooled.probability) == Approx(0.2).epsilon(1e-10));
  // The same as the equality alone.
  PooledProbabilities alone = entropy_pooling(x.rightCols(1), {{0.2, true}}, prior);
  for (std::size_t s = 0; s < 50; ++s) CHECK(pooled.probability[s] == Approx(alone.probability[s]).epsilon(1e-9));
  CHECK(alone.relative_entropy == Approx(pooled.relative_entropy).epsilon(1e-9));
}

TEST_CASE("without conditions the prior stays, and impossible ones are told") {
  Eigen::MatrixXd x = normals(1000, 0.0);
  PooledProbabilities none = entropy_pooling(Eigen::MatrixXd(1000, 0), {}, {});
  CHECK(none.met);
  CHECK(none.probability[17] == Approx(0.001));
  CHECK_FALSE(entropy_pooling(x.leftCols(1), {{5.0, true}}, {}).met);
  Eigen::MatrixXd twice(1000, 2);
  twice << x.col(0), x.col(0);
  CHECK_FALSE(entropy_pooling(twice, {{0.1, true}, {0.2, true}}, {}).met);
}

TEST_CASE("conditions are met to rounding on any sample") {
  PcgSequence sequence(12, Sequence::optimise);
  for (std::uint64_t sample = 0; sample < 300; ++sample) {
    Eigen::MatrixXd f(500, 2);
    for (Eigen::Index s = 0; s < 500; ++s) {
      double z = inverse_normal(sequence.uniform(500 * sample + std::uint64_t(s)));
      f.row(s) << 0.06 + 0.2 * z, (0.2 * z + 0.03) * (0.2 * z + 0.03);
    }
    PooledProbabilities pooled = entropy_pooling(f, {{0.03, true}, {0.0324, true}}, {});
    REQUIRE(pooled.met);
  }
}

TEST_CASE("probabilities have the same bits for any number of threads") {
  Eigen::MatrixXd x = normals(50000, 0.5);
  int before = threads();
  set_threads(1);
  std::vector<double> one = entropy_pooling(x, {{0.1, true}, {-0.05, true}}, {}).probability;
  set_threads(3);
  std::vector<double> three = entropy_pooling(x, {{0.1, true}, {-0.05, true}}, {}).probability;
  set_threads(before);
  CHECK(one == three);
}
