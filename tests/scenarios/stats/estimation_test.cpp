// Maximum likelihood, correlation matrices, rank correlation and the portmanteau test.

#include <cmath>
#include <numbers>
#include <vector>

#include <Eigen/Eigenvalues>
#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sequence.h"
#include "scenarios/stats/correlation_matrix.h"
#include "scenarios/stats/maximum_likelihood.h"
#include "scenarios/stats/portmanteau.h"
#include "scenarios/stats/rank_correlation.h"

using namespace ballast;

namespace {

std::vector<double> normals(std::size_t n, std::uint64_t seed) {
  const PcgSequence random(seed, Sequence::calibrate);
  std::vector<double> z(n);
  for (std::size_t i = 0; i < n; ++i) z[i] = inverse_normal(random.uniform(i));
  return z;
}

/// A normal sample's likelihood in mean and log standard deviation.
LikelihoodProblem normal_likelihood(const std::vector<double>& x) {
  LikelihoodProblem problem;
  problem.of = "the likelihood of a normal";
  problem.start = {0.5, 1.0};
  problem.lower = {-3, -3};
  problem.upper = {3, 3};
  problem.observations = x.size();
  problem.log_density = [&x](std::span<const double> theta, std::span<double> out) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double z = (x[i] - theta[0]) / std::exp(theta[1]);
      out[i] = -theta[1] - z * z / 2 - 0.5 * std::log(2 * std::numbers::pi);
    }
    return true;
  };
  return problem;
}

Eigen::MatrixXd matrix3(double ab, double ac, double bc) {
  Eigen::MatrixXd m = Eigen::MatrixXd::Identity(3, 3);
  m(0, 1) = m(1, 0) = ab;
  m(0, 2) = m(2, 0) = ac;
  m(1, 2) = m(2, 1) = bc;
  return m;
}

}  // namespace

TEST_CASE("maximum likelihood of a normal: closed-form estimate, errors and sandwich") {
  const std::vector<double> x = normals(2000, 1);
  const LikelihoodProblem problem = normal_likelihood(x);
  const LikelihoodFit fit = maximum_likelihood(problem);
  double mean = 0, square = 0, fourth = 0, third = 0;
  const double n = double(x.size());
  for (double v : x) mean += v / n;
  for (double v : x) {
    square += (v - mean) * (v - mean) / n;
    third += std::pow(v - mean, 3) / n;
    fourth += std::pow(v - mean, 4) / n;
  }
  CHECK(fit.theta[0] == doctest::Approx(mean).epsilon(1e-6));
  CHECK(std::exp(fit.theta[1]) == doctest::Approx(std::sqrt(square)).epsilon(1e-6));
  // White (1982): the error of ln s is sqrt((m4/s^4 - 1) / 4n), whether or not the sample is normal.
  CHECK(fit.standard_error(0) == doctest::Approx(std::sqrt(square / n)).epsilon(1e-4));
  CHECK(fit.standard_error(1) == doctest::Approx(std::sqrt((fourth / square / square - 1) / (4 * n))).epsilon(1e-4));
  CHECK(fit.covariance(0, 1) == doctest::Approx(third / (2 * square) / n).epsilon(1e-3));
  CHECK(fit.log_likelihood == doctest::Approx(-n / 2 * (std::log(2 * std::numbers::pi * square) + 1)).epsilon(1e-9));
  const Eigen::MatrixXd of_sd =
      delta_method([](std::span<const double> theta) { return Eigen::VectorXd::Constant(1, std::exp(theta[1])); },
                   fit.theta, fit.covariance);
  CHECK(std::sqrt(of_sd(0, 0)) == doctest::Approx(std::sqrt(square) * fit.standard_error(1)).epsilon(1e-6));
}

TEST_CASE("maximum likelihood at a bound has no error; a flat or hopeless likelihood is no solution") {
  const std::vector<double> x = normals(200, 2);
  LikelihoodProblem problem = normal_likelihood(x);
  problem.lower[0] = 0.4;
  const LikelihoodFit fit = maximum_likelihood(problem);
  CHECK(fit.at_bound[0]);
  CHECK(std::isnan(fit.standard_error(0)));
  CHECK(fit.standard_error(1) > 0);

  LikelihoodProblem flat = normal_likelihood(x);
  flat.log_density = [](std::span<const double> theta, std::span<double> out) {
    std::fill(out.begin(), out.end(), -theta[0] * theta[0]);  // the second coordinate does nothing
    return true;
  };
  CHECK_THROWS_WITH_AS(maximum_likelihood(flat), doctest::Contains("do not identify"), NoSolutionError);
  flat.log_density = [](std::span<const double>, std::span<double>) { return false; };
  CHECK_THROWS_WITH_AS(maximum_likelihood(flat), doctest::Contains("did not converge"), NoSolutionError);
}

TEST_CASE("nearest correlation matrix: Higham's (2002) example") {
  const NearestCorrelation nearest = nearest_correlation(matrix3(1, 0, 1));
  CHECK(nearest.matrix(0, 1) == doctest::Approx(0.7607).epsilon(1e-4));
  CHECK(nearest.matrix(0, 2) == doctest::Approx(0.1573).epsilon(1e-3));
  CHECK(nearest.matrix(1, 2) == doctest::Approx(0.7607).epsilon(1e-4));
  CHECK(nearest.matrix.diagonal().isOnes(1e-15));
  CHECK(nearest.distance == doctest::Approx(0.5278).epsilon(1e-3));
  CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(nearest.matrix).eigenvalues()[0] > 1e-9);
  const Eigen::MatrixXd sound = matrix3(0.3, -0.2, 0.5);
  CHECK((nearest_correlation(sound).matrix - sound).norm() < 1e-7);
}

TEST_CASE("given correlations: refused with what is wrong, repaired on request only") {
  const std::vector<std::string> names = {"equity", "bonds", "gold"};
  auto refused = [&](const Eigen::MatrixXd& m, const char* why) {
    CHECK_THROWS_WITH_AS(checked_correlation(m, names, false, "scenarios.correlation"), doctest::Contains(why),
                         InputError);
  };
  refused(matrix3(0.9, -0.9, 0.9), "not positive definite");
  refused(matrix3(0.9, -0.9, 0.9), "repair: true");
  refused(matrix3(1, 0.5, 0.5), "singular");
  refused(matrix3(1.2, 0, 0), "within -1 and 1");
  Eigen::MatrixXd lopsided = matrix3(0.2, 0, 0);
  lopsided(0, 1) = 0.3;
  refused(lopsided, "symmetric");
  lopsided = matrix3(0.2, 0, 0);
  lopsided(1, 1) = 0.9;
  refused(lopsided, "must be 1");
  const NearestCorrelation repaired =
      checked_correlation(matrix3(0.9, -0.9, 0.9), names, true, "scenarios.correlation");
  CHECK(repaired.largest_change > 0.1);
  CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(repaired.matrix).eigenvalues()[0] > 0);
  CHECK(checked_correlation(matrix3(0.3, 0, 0), names, true, "scenarios.correlation").largest_change == 0);
}

TEST_CASE("Kendall's tau in n log n is the count of concordant pairs, ties and all") {
  std::vector<double> x = normals(300, 3), y = normals(300, 4);
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = std::round(3 * (0.5 * x[i] + y[i]));
    if (i % 3 == 0) x[i] = std::round(2 * x[i]);
  }
  double score = 0, x_pairs = 0, y_pairs = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double dx = x[i] - x[j], dy = y[i] - y[j];
      score += (dx * dy > 0) - (dx * dy < 0);
      x_pairs += dx != 0;
      y_pairs += dy != 0;
    }
  }
  CHECK(kendall_tau(x, y) == doctest::Approx(score / std::sqrt(x_pairs * y_pairs)).epsilon(1e-13));
  CHECK(kendall_tau(x, x) == doctest::Approx(1).epsilon(1e-13));
  CHECK(kendall_tau(x, std::vector<double>(x.size(), 1.0)) == 0);
  CHECK(ranks(std::vector<double>{3, 1, 3, 2}) == std::vector<double>{3.5, 1, 3.5, 2});
}

TEST_CASE("Ljung-Box: the statistic as its formula says, small for noise and large for an autoregression") {
  const std::vector<double> z = normals(500, 5);
  Eigen::VectorXd noise = Eigen::Map<const Eigen::VectorXd>(z.data(), 500), ar = noise;
  for (Eigen::Index t = 1; t < 500; ++t) ar[t] = 0.4 * ar[t - 1] + noise[t];
  const Portmanteau of_noise = ljung_box(noise, 12), of_ar = ljung_box(ar, 12);
  CHECK(of_noise.p_value > 0.001);
  CHECK(of_ar.p_value < 1e-8);
  const Eigen::VectorXd c = noise.array() - noise.mean();
  double first = 0;
  for (Eigen::Index t = 1; t < 500; ++t) first += c[t] * c[t - 1];
  first /= c.squaredNorm();
  const Portmanteau one = ljung_box(noise, 1);
  CHECK(one.statistic == doctest::Approx(500.0 * 502 * first * first / 499).epsilon(1e-12));
  CHECK(one.p_value == doctest::Approx(std::erfc(std::sqrt(one.statistic / 2))).epsilon(1e-9));
}
