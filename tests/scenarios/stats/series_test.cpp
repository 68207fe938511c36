#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/random/draws.h"
#include "scenarios/stats/autoregression.h"
#include "scenarios/stats/block_length.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/principal_components.h"
#include "tests/folders.h"

using namespace ballast;
using doctest::Approx;

namespace {

std::vector<double> normals(std::size_t n, std::uint64_t seed) {
  BlockDraws block(PcgSequence(seed, Sequence::calibrate), 0, n, 1);
  std::vector<double> z(block.lanes());
  block.normals(z.data());
  z.resize(n);
  return z;
}

std::vector<double> ar1(std::size_t n, double slope, std::uint64_t seed) {
  std::vector<double> x = normals(n, seed);
  for (std::size_t t = 1; t < n; ++t) x[t] += slope * x[t - 1];
  return x;
}

}  // namespace

TEST_CASE("automatic block length: the published value") {
  const std::string path = ballast::shared_folder() + "/reference/ref_arch_ar1_series.csv";
  if (!std::filesystem::exists(path)) {
    MESSAGE("left out: no " << path);
    return;
  }
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<double> x;
  while (std::getline(file, line)) x.push_back(std::stod(line));
  const BlockLength b = optimal_block_length(x);
  CHECK(b.stationary == Approx(13.635665130318229).epsilon(1e-12));
  // D is 2 and 4/3 of the squared long-run variance (Patton, Politis & White 2009).
  CHECK(b.circular == Approx(b.stationary * std::cbrt(1.5)).epsilon(1e-12));
}

TEST_CASE("automatic block length: dependence asks for longer blocks, within bounds") {
  const BlockLength none = optimal_block_length(normals(2000, 1));
  const BlockLength some = optimal_block_length(ar1(2000, 0.5, 1));
  const BlockLength much = optimal_block_length(ar1(2000, 0.9, 1));
  CHECK(none.stationary >= 1.0);
  CHECK(none.stationary < some.stationary);
  CHECK(some.stationary < much.stationary);
  for (std::size_t n : {8u, 9u, 12u, 20u, 50u, 1000u}) {
    for (double slope : {-0.9, 0.0, 0.99}) {
      const BlockLength b = optimal_block_length(ar1(n, slope, n));
      const double longest = std::ceil(std::min(3.0 * std::sqrt(n), static_cast<double>(n) / 3.0));
      CHECK(b.stationary >= 1.0);
      CHECK(b.stationary <= longest);
      CHECK(b.circular >= b.stationary);
      CHECK(b.circular <= longest);
    }
  }
  std::vector<double> scaled = ar1(500, 0.6, 3);
  const BlockLength before = optimal_block_length(scaled);
  for (double& v : scaled) v = 1e-4 * v + 7.0;
  CHECK(optimal_block_length(scaled).stationary == Approx(before.stationary).epsilon(1e-8));
}

TEST_CASE("automatic block length: constant, short and broken series") {
  CHECK(optimal_block_length(std::vector<double>(50, 0.1)).stationary == 1.0);
  CHECK(optimal_block_length(std::vector<double>(50, 0.0)).circular == 1.0);
  CHECK_THROWS_AS(optimal_block_length(std::vector<double>(7, 1.0)), std::invalid_argument);
  std::vector<double> x = normals(50, 1);
  x[3] = std::nan("");
  CHECK_THROWS_AS(optimal_block_length(x), std::invalid_argument);
}

TEST_CASE("AR(1) recovers an exact recursion and the parameters of a noisy one") {
  std::vector<double> x = {10.0};
  for (int t = 0; t < 20; ++t) x.push_back(1.5 + 0.7 * x.back());
  const Ar1 exact = fit_ar1(x);
  CHECK(exact.slope == Approx(0.7).epsilon(1e-12));
  CHECK(exact.intercept == Approx(1.5).epsilon(1e-12));
  CHECK(exact.mean() == Approx(5.0).epsilon(1e-12));
  CHECK(exact.mean_reversion() == Approx(0.3).epsilon(1e-12));
  CHECK(exact.half_life() == Approx(std::log(0.5) / std::log(0.7)).epsilon(1e-12));
  CHECK(exact.residual_sd < 1e-12);
  CHECK(exact.residuals.size() == 20);

  const std::size_t n = 20'000;
  const Ar1 fit = fit_ar1(ar1(n, 0.8, 5));
  // Asymptotic standard error of the slope sqrt((1 - 0.64) / n); 4.9 of them, alpha 1e-6.
  CHECK(std::fabs(fit.slope - 0.8) < 4.9 * std::sqrt(0.36 / n));
  CHECK(fit.slope_standard_error == Approx(std::sqrt(0.36 / n)).epsilon(0.05));
  CHECK(std::fabs(fit.residual_sd - 1.0) < 4.9 * std::sqrt(0.5 / n));
  double sum = 0.0;
  for (double e : fit.residuals) sum += e;
  CHECK(std::fabs(sum) < 1e-8);

  const Ar1 constant = fit_ar1(std::vector<double>(10, 0.1));
  CHECK(constant.slope == 0.0);
  CHECK(constant.mean() == Approx(0.1).epsilon(1e-15));
  CHECK(std::isnan(fit_ar1(std::vector<double>{1.0, 2.0, 4.0, 8.0, 16.0}).mean()));
  CHECK_THROWS_AS(fit_ar1(std::vector<double>{1.0, 2.0, 3.0}), std::invalid_argument);
}

TEST_CASE("principal components of a known structure") {
  const std::size_t n = 50'000;
  const std::vector<double> a = normals(n, 21), b = normals(n, 22);
  // x = 3 a (1, 1)/sqrt 2 - b (1, -1)/sqrt 2, and a third, constant, column.
  Eigen::MatrixXd x(n, 3);
  const double r = std::sqrt(0.5);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    x(row, 0) = 3.0 * a[i] * r - b[i] * r + 5.0;
    x(row, 1) = 3.0 * a[i] * r + b[i] * r - 1.0;
    x(row, 2) = 2.0;
  }
  const PrincipalComponents pc = principal_components(x);
  const double slack = 4.9 * std::sqrt(2.0 / static_cast<double>(n));  // of a variance, relative, alpha 1e-6
  CHECK(std::fabs(pc.variance(0) / 9.0 - 1.0) < slack);
  CHECK(std::fabs(pc.variance(1) - 1.0) < slack);
  CHECK(pc.variance(2) == Approx(0.0));
  CHECK(pc.share.sum() == Approx(1.0).epsilon(1e-14));
  CHECK(std::fabs(pc.share(0) - 0.9) < 0.01);
  CHECK(std::fabs(pc.loadings(0, 0) - r) < 0.01);
  CHECK(std::fabs(pc.loadings(1, 0) - r) < 0.01);
  for (Eigen::Index k = 0; k < 3; ++k) {
    Eigen::Index lead;
    pc.loadings.col(k).cwiseAbs().maxCoeff(&lead);
    CHECK(pc.loadings(lead, k) > 0.0);
  }
  CHECK((pc.loadings.transpose() * pc.loadings - Eigen::MatrixXd::Identity(3, 3)).cwiseAbs().maxCoeff() < 1e-12);

  // All scores rebuild the sample, and have the stated variances.
  const Eigen::MatrixXd scores = pc.scores(x, 3);
  const Eigen::MatrixXd rebuilt = (scores * pc.loadings.transpose()).rowwise() + pc.mean.transpose();
  CHECK((rebuilt - x).cwiseAbs().maxCoeff() < 1e-10);
  const Eigen::MatrixXd c = covariance(scores);
  CHECK(c(0, 0) == Approx(pc.variance(0)).epsilon(1e-10));
  CHECK(std::fabs(c(0, 1)) < 1e-10);
  CHECK(pc.scores(x, 1) == Eigen::MatrixXd(scores.leftCols(1)));
  CHECK_THROWS_AS(principal_components(x.topRows(1)), std::invalid_argument);
  CHECK_THROWS_AS(pc.scores(x.leftCols(2), 1), std::invalid_argument);
}
