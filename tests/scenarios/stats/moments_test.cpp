#include "scenarios/stats/moments.h"

#include <cmath>
#include <vector>

#include <Eigen/Eigenvalues>
#include <doctest/doctest.h>

#include "scenarios/random/draws.h"
#include "scenarios/stats/shrinkage.h"

using namespace ballast;
using doctest::Approx;

namespace {

// rows x columns independent standard normals.
Eigen::MatrixXd normals(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  BlockDraws block(PcgSequence(seed, Sequence::calibrate), 0, static_cast<std::size_t>(rows),
                   static_cast<std::uint64_t>(columns));
  std::vector<double> z(block.lanes());
  Eigen::MatrixXd x(rows, columns);
  for (Eigen::Index j = 0; j < columns; ++j) {
    block.normals(z.data());
    for (Eigen::Index i = 0; i < rows; ++i) x(i, j) = z[static_cast<std::size_t>(i)];
  }
  return x;
}

}  // namespace

TEST_CASE("moments of a small sample, by hand") {
  const std::vector<double> x = {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0};
  CHECK(mean(x) == 5.0);
  CHECK(variance(x) == Approx(32.0 / 7.0).epsilon(1e-15));
  CHECK(standard_deviation(x) == Approx(std::sqrt(32.0 / 7.0)).epsilon(1e-15));
  // m2 = 4, m3 = (-27 - 3 + 8 + 64) / 8 = 5.25, m4 = (81 + 3 + 16 + 256) / 8 = 44.5
  CHECK(skewness(x) == Approx(5.25 / 8.0).epsilon(1e-15));
  CHECK(excess_kurtosis(x) == Approx(44.5 / 16.0 - 3.0).epsilon(1e-15));
}

TEST_CASE("weights act as repeated observations") {
  const std::vector<double> x = {1.0, -2.0, 3.5, 10.0};
  const std::vector<double> p = {0.3, 0.4, 0.2, 0.1};
  std::vector<double> repeated;
  for (std::size_t i = 0; i < x.size(); ++i)
    repeated.insert(repeated.end(), static_cast<std::size_t>(p[i] * 10 + 0.5), x[i]);
  CHECK(mean(x, p) == Approx(mean(repeated)).epsilon(1e-14));
  CHECK(variance(x, p) == Approx(variance(repeated) * 9.0 / 10.0).epsilon(1e-14));
  CHECK(skewness(x, p) == Approx(skewness(repeated)).epsilon(1e-14));
  CHECK(excess_kurtosis(x, p) == Approx(excess_kurtosis(repeated)).epsilon(1e-14));
  CHECK(variance(x, {}) == Approx(variance(x) * 3.0 / 4.0).epsilon(1e-14));
  CHECK(effective_sample_size(p) == Approx(1.0 / 0.30).epsilon(1e-14));
  CHECK(effective_sample_size(std::vector<double>(50, 0.02)) == Approx(50.0).epsilon(1e-14));
  CHECK_THROWS_AS(mean(x, std::vector<double>{1.0}), std::invalid_argument);
}

TEST_CASE("moments keep their digits far from zero, and say when there are none") {
  std::vector<double> x;
  for (int i = 0; i < 100'000; ++i) x.push_back(1e9 + (i % 2 == 0 ? 0.5 : -0.5));
  CHECK(mean(x) == 1e9);
  CHECK(variance(x) == Approx(0.25).epsilon(1e-4));
  CHECK(std::isnan(mean(std::vector<double>{})));
  CHECK(std::isnan(variance(std::vector<double>{1.0})));
  CHECK(std::isnan(skewness(std::vector<double>(20, 0.1))));
  CHECK(std::isnan(excess_kurtosis(std::vector<double>(20, 0.1))));
}

TEST_CASE("covariance matrices") {
  Eigen::MatrixXd x = normals(501, 4, 1);
  x.col(1) = 0.01 * x.col(1) + 0.02 * x.col(0);
  x.col(3).setConstant(0.3);
  const Eigen::MatrixXd c = covariance(x);
  const Eigen::MatrixXd d = x.rowwise() - x.colwise().mean();
  const Eigen::MatrixXd expected = d.transpose() * d / 500.0;
  CHECK((c - expected).cwiseAbs().maxCoeff() < 1e-15);
  CHECK(c == Eigen::MatrixXd(c.transpose()));
  const Eigen::MatrixXd r = correlation(c);
  CHECK(r(0, 1) == Approx(c(0, 1) / std::sqrt(c(0, 0) * c(1, 1))).epsilon(1e-14));
  CHECK(std::fabs(r(3, 0)) < 1e-10);
  CHECK(r(3, 3) == 1.0);
  CHECK(column_means(x)(3) == Approx(0.3).epsilon(1e-15));

  const std::vector<double> equal(501, 1.0 / 501.0);
  CHECK((covariance(x, equal) - expected * 500.0 / 501.0).cwiseAbs().maxCoeff() < 1e-14);
  std::vector<double> p(501);
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = static_cast<double>(i);  // sums to 125250
  const Eigen::MatrixXd w = covariance(x, p);
  const std::vector<double> column(x.col(2).data(), x.col(2).data() + 501);
  CHECK(w(2, 2) == Approx(variance(column, p)).epsilon(1e-13));
}

TEST_CASE("Ledoit-Wolf against the definition, term by term") {
  for (Eigen::Index rows : {12, 60, 400}) {
    Eigen::MatrixXd x = normals(rows, 5, 9);
    x.col(1) += 0.7 * x.col(0);
    x.col(2) *= 1e-3;
    const Shrinkage shrunk = ledoit_wolf_identity(x);

    const double n = static_cast<double>(rows);
    Eigen::MatrixXd z = x.rowwise() - x.colwise().mean();
    for (Eigen::Index j = 0; j < 5; ++j) z.col(j) /= std::sqrt(z.col(j).squaredNorm() / n);
    const Eigen::MatrixXd s = z.transpose() * z / n;
    double b2 = 0.0;
    for (Eigen::Index i = 0; i < rows; ++i) {
      Eigen::MatrixXd error = z.row(i).transpose() * z.row(i) - s;
      error.diagonal().setZero();
      b2 += error.squaredNorm() / (n * n);
    }
    const double d2 = (s - Eigen::MatrixXd::Identity(5, 5)).squaredNorm();
    CHECK(shrunk.intensity == Approx(std::min(1.0, b2 / d2)).epsilon(1e-12));
    CHECK(shrunk.intensity > 0.0);
    const Eigen::MatrixXd c = covariance(x);
    CHECK(shrunk.covariance(2, 2) == c(2, 2));
    CHECK(shrunk.covariance(1, 0) == Approx((1.0 - shrunk.intensity) * c(1, 0)).epsilon(1e-14));
  }
}

TEST_CASE("Ledoit-Wolf: scales do not matter, and few observations still give a definite matrix") {
  const Eigen::MatrixXd x = normals(10, 30, 4);
  Eigen::MatrixXd scaled = x;
  for (Eigen::Index j = 0; j < 30; ++j) scaled.col(j) *= std::pow(10.0, static_cast<double>(j % 7) - 3.0);
  const Shrinkage a = ledoit_wolf_identity(x);
  const Shrinkage b = ledoit_wolf_identity(scaled);
  CHECK(a.intensity == Approx(b.intensity).epsilon(1e-10));
  CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(covariance(x)).eigenvalues()(0) < 1e-10);
  CHECK(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a.covariance).eigenvalues()(0) > 0.05);
  CHECK_THROWS_AS(ledoit_wolf_identity(x.topRows(1)), std::invalid_argument);

  // Many observations of correlated variables: hardly any shrinkage; of independent ones: nearly all.
  Eigen::MatrixXd y = normals(20'000, 3, 5);
  y.col(1) += y.col(0);
  CHECK(ledoit_wolf_identity(y).intensity < 0.001);
  Eigen::MatrixXd constant = normals(100, 3, 6);
  constant.col(1).setConstant(2.0);
  const Shrinkage c = ledoit_wolf_identity(constant);
  CHECK(c.covariance(1, 1) < 1e-20);
  CHECK(c.covariance.allFinite());
}
