// Simulate from known parameters, fit, and find them again within the errors that the fit states.

#include <cmath>
#include <functional>
#include <numbers>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/copula_fit.h"
#include "scenarios/models/garch.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/marginals.h"
#include "scenarios/models/regimes.h"
#include "scenarios/models/t_mixing.h"
#include "scenarios/random/normal.h"

using namespace ballast;

namespace {

/// Draws one after another.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : random_(seed, Sequence::calibrate) {}
  double uniform() { return random_.uniform(position_++); }
  double normal() { return inverse_normal(uniform()); }

 private:
  PcgSequence random_;
  std::uint64_t position_ = 0;
};

Eigen::VectorXd garch_series(const GarchCoefficients& g, int periods, const std::function<double()>& shock) {
  Eigen::VectorXd x(periods);
  double h = g.omega / (1 - g.alpha - g.gamma / 2 - g.beta);
  for (int t = -200; t < periods; ++t) {
    const double e = std::sqrt(h) * shock();
    if (t >= 0) x[t] = g.mean + e;
    h = g.omega + (g.alpha + (e < 0 ? g.gamma : 0.0)) * e * e + g.beta * h;
  }
  return x;
}

void check_recovered(const Garch& fit, const GarchCoefficients& truth) {
  REQUIRE(fit.standard_error);
  REQUIRE_FALSE(fit.constant);
  for (auto member : {&GarchCoefficients::mean, &GarchCoefficients::omega, &GarchCoefficients::alpha,
                      &GarchCoefficients::gamma, &GarchCoefficients::beta}) {
    const double error = (*fit.standard_error).*member;
    CAPTURE(truth.*member);
    CAPTURE(fit.coefficients.*member);
    CAPTURE(error);
    // 4 standard errors: 6e-5 each. And the error is a useful one.
    CHECK(std::abs(fit.coefficients.*member - truth.*member) <= 4 * error);
    CHECK(error < 0.1);
  }
}

}  // namespace

TEST_CASE("GARCH and GJR: the coefficients come back within four standard errors") {
  Draws draws(1);
  const GarchCoefficients garch{0.006, 0.00008, 0.10, 0.0, 0.86}, gjr{0.006, 0.00008, 0.03, 0.14, 0.86};
  check_recovered(fit_garch(garch_series(garch, 4000, [&] { return draws.normal(); }), VarianceModel::garch,
                            GarchLikelihood::normal, "x"),
                  garch);
  check_recovered(fit_garch(garch_series(gjr, 4000, [&] { return draws.normal(); }), VarianceModel::gjr,
                            GarchLikelihood::normal, "x"),
                  gjr);
}

TEST_CASE("GARCH with a t likelihood: coefficients and degrees of freedom come back") {
  Draws draws(2);
  const GarchCoefficients truth{0.006, 0.00008, 0.10, 0.0, 0.86};
  auto shock = [&] { return t_quantile(draws.uniform(), 5) * std::sqrt(3.0 / 5.0); };
  const Garch fit = fit_garch(garch_series(truth, 3000, shock), VarianceModel::garch, GarchLikelihood::t, "x");
  check_recovered(fit, truth);
  CHECK(std::abs(*fit.dof - 5) < 4 * *fit.dof_standard_error);
  CHECK(*fit.dof_standard_error < 1.5);
}

TEST_CASE("a series without clustering gets a constant variance; given coefficients filter as the recursion says") {
  Draws draws(3);
  Eigen::VectorXd x(600);
  for (double& v : x) v = 0.03 * draws.normal();
  const Garch fit = fit_garch(x, VarianceModel::gjr, GarchLikelihood::normal, "x");
  CHECK(fit.constant);
  CHECK(fit.persistence() == 0);
  CHECK(fit.long_run_variance() == doctest::Approx((x.array() - x.mean()).square().mean()).epsilon(1e-6));

  const GarchCoefficients g{0.001, 0.0001, 0.05, 0.1, 0.8};
  const Garch given = filter_garch(x, g);
  CHECK(given.residual.mean() == doctest::Approx(0).epsilon(1e-12));
  CHECK(given.residual.squaredNorm() / 600 == doctest::Approx(1).epsilon(1e-12));
  // Before the first period: the benchmark's convention (Fiorentini, Calzolari & Panattoni 1996).
  const double square = (x.array() - g.mean).square().mean();
  CHECK(given.variance[0] == doctest::Approx(g.omega + (0.05 + 0.1 / 2 + 0.8) * square).epsilon(1e-14));
  for (Eigen::Index t = 0; t < 5; ++t) {
    const double e = x[t] - g.mean;
    CHECK(given.variance[t + 1] ==
          doctest::Approx(g.omega + (e < 0 ? 0.15 : 0.05) * e * e + 0.8 * given.variance[t]).epsilon(1e-14));
  }
}

TEST_CASE("two regimes: Hardy's (2001) estimates for the TSE 300 come back from a history simulated with them") {
  // Hardy (2001), table 1: 1956-1999 monthly log returns, and a second column that falls when volatility is high.
  constexpr double kMean[] = {0.0123, -0.0157}, kSd[] = {0.0347, 0.0778}, kLeave[] = {0.0371, 0.2101};
  Draws draws(4);
  Eigen::MatrixXd rows(2000, 2);
  int regime = 0;
  for (Eigen::Index t = 0; t < rows.rows(); ++t) {
    if (draws.uniform() < kLeave[regime]) regime = 1 - regime;
    const double z = draws.normal(), w = draws.normal(), rho = regime ? 0.7 : 0.2;
    rows(t, 0) = kMean[regime] + kSd[regime] * z;
    rows(t, 1) = 0.004 - 0.01 * regime + 0.02 * (1 + regime) * (rho * z + std::sqrt(1 - rho * rho) * w);
  }
  const Regimes fit = fit_regimes(rows, 2, 12);
  const RegimeErrors error = regime_errors(rows, fit);
  for (int k = 0; k < 2; ++k) {
    const auto r = std::size_t(k);
    CAPTURE(k);
    CHECK(std::abs(fit.mean[r][0] - kMean[k]) < 4 * error.mean[r][0]);
    CHECK(std::abs(std::sqrt(fit.covariance[r](0, 0)) - kSd[k]) < 4 * error.deviation[r][0]);
    CHECK(std::abs(fit.transition(k, 1 - k) - kLeave[k]) < 4 * error.transition(k, 1 - k));
    CHECK(error.transition(k, 1 - k) < 0.2 * (k ? 0.25 : 0.08));
    const double rho = fit.covariance[r](0, 1) / std::sqrt(fit.covariance[r](0, 0) * fit.covariance[r](1, 1));
    CHECK(std::abs(rho - (k ? 0.7 : 0.2)) < 4 * (k ? 0.06 : 0.03));
    CHECK(fit.smoothed.row(17).sum() == doctest::Approx(1).epsilon(1e-12));
  }
  CHECK(std::abs(fit.stationary()[0] - 0.2101 / (0.2101 + 0.0371)) < 0.08);
}

TEST_CASE("three regimes are found, in order of volatility, and more than the data hold are refused") {
  Draws draws(5);
  Eigen::MatrixXd rows(1500, 1);
  constexpr double kSd[] = {0.01, 0.04, 0.12};
  int regime = 0;
  for (Eigen::Index t = 0; t < rows.rows(); ++t) {
    if (draws.uniform() < 0.03) regime = (regime + 1 + int(2 * draws.uniform())) % 3;
    rows(t, 0) = 0.003 + kSd[regime] * draws.normal();
  }
  const Regimes fit = fit_regimes(rows, 3, 12);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(std::sqrt(fit.covariance[k](0, 0)) == doctest::Approx(kSd[k]).epsilon(0.15));
  }
  CHECK(fit.transition.rowwise().sum().isOnes(1e-12));
}

TEST_CASE("t copula: degrees of freedom and correlation come back from ranks, whatever the marginals") {
  Draws draws(6);
  const TMixing mixing(4, false);
  constexpr double kRho = 0.6;
  Eigen::MatrixXd rows(3000, 3);
  for (Eigen::Index t = 0; t < rows.rows(); ++t) {
    const double s = mixing.scale()(draws.normal()), z = draws.normal();
    rows(t, 0) = std::exp(s * z);
    rows(t, 1) = s * (kRho * z + 0.8 * draws.normal());
    rows(t, 2) = std::cbrt(s * draws.normal());
  }
  CopulaFit fit = fit_correlation(rows);
  fit_dof(rows, fit);
  CHECK(std::abs(fit.dof - 4) < 4 * fit.dof_standard_error);
  CHECK(fit.dof_standard_error < 0.5);
  CHECK(fit.gain > 100);
  // Standard error of sin(pi tau / 2) at tail dependence of 4 degrees of freedom: below 0.018 for 3,000 periods.
  CHECK(std::abs(fit.correlation(0, 1) - kRho) < 4 * 0.018);
  CHECK(std::abs(fit.correlation(0, 2)) < 4 * 0.025);
}

TEST_CASE("Student t model: degrees of freedom come back, and simulated covariance is the estimated one") {
  Draws draws(7);
  const TMixing mixing(5, false);
  InnovationHistory history;
  history.rows.resize(1500, 2);
  history.series = 1;
  history.columns = {"a", "curve component 1"};
  for (Eigen::Index t = 0; t < history.rows.rows(); ++t) {
    const double s = mixing.scale()(draws.normal()), z = draws.normal();
    history.rows.row(t) << 0.005 + 0.03 * s * z, 0.01 * s * (0.5 * z + draws.normal());
  }
  ScenarioParameters p;
  p.model = ModelKind::student_t;
  p.student_t.covariance.estimate = CovarianceEstimate::sample;
  const auto model = make_model(p, history);
  model->resolve(p);
  REQUIRE(p.student_t.dof);
  CHECK(std::abs(*p.student_t.dof - 5) < 4 * 0.45);  // the error stated by fit_tables: 0.4

  p.student_t.dof = 8.0;  // finite fourth moments, so that the covariance has a standard error
  const auto steady = make_model(p, history);
  constexpr std::size_t kLanes = 1 << 15;
  constexpr int kSteps = 4;
  BlockDraws random(PcgSequence(3, Sequence::calibrate), 0, kLanes, steady->draws_per_scenario(kSteps));
  const auto path = steady->start(kLanes);
  LaneArray out(2, kLanes);
  double n = 0, growth = 0, square = 0, cross = 0;
  const Eigen::MatrixXd centred = history.rows.rowwise() - history.rows.colwise().mean();
  const Eigen::MatrixXd covariance = centred.transpose() * centred / double(history.rows.rows() - 1);
  for (int t = 0; t < kSteps; ++t) {
    path->step(random, out);
    for (std::size_t lane = 0; lane < kLanes; ++lane, ++n) {
      growth += std::exp(out(0, lane));
      square += out(1, lane) * out(1, lane);
      cross += out(0, lane) * out(1, lane);
    }
  }
  const double sd0 = std::sqrt(covariance(0, 0)), sd1 = std::sqrt(covariance(1, 1));
  const double mean1 = history.rows.col(1).mean();
  CHECK(std::abs(growth / n - history.rows.col(0).array().exp().mean()) < 5 * sd0 / std::sqrt(n));
  // Kurtosis 3 + 6/(8 - 4) = 4.5: the variance of a square is 3.5 variances squared.
  CHECK(std::abs(square / n - covariance(1, 1) - mean1 * mean1) < 5 * std::sqrt(3.5 / n) * covariance(1, 1));
  CHECK(std::abs(cross / n - covariance(0, 1)) < 5 * std::sqrt(3.0 / n) * sd0 * sd1 + 0.001 * sd0 * sd1);
}

TEST_CASE("Hansen's skewed t: density, quantile and moments agree, and its parameters come back") {
  for (auto [dof, skew] : {std::pair{4.0, -0.4}, {8.0, 0.0}, {30.0, 0.3}}) {
    CAPTURE(dof);
    CAPTURE(skew);
    // The quantile's slope is one over the density.
    for (double u : {0.001, 0.1, 0.3, 0.5, 0.8, 0.99}) {
      const double h = 1e-6,
                   slope = (skewed_t_quantile(u + h, dof, skew) - skewed_t_quantile(u - h, dof, skew)) / (2 * h);
      CHECK(slope * std::exp(skewed_t_log_density(skewed_t_quantile(u, dof, skew), dof, skew)) ==
            doctest::Approx(1).epsilon(1e-5));
    }
    double mass = 0, mean = 0, square = 0;
    constexpr double h = 0.01;
    for (double z = -400; z <= 400; z += h) {
      const double f = h * std::exp(skewed_t_log_density(z, dof, skew));
      mass += f, mean += f * z, square += f * z * z;
    }
    CHECK(mass == doctest::Approx(1).epsilon(1e-6));
    CHECK(std::abs(mean) < 1e-4);
    CHECK(square == doctest::Approx(1).epsilon(2e-3));
  }
  Draws draws(8);
  Eigen::VectorXd x(4000);
  for (double& v : x) v = 0.006 + 0.04 * skewed_t_quantile(draws.uniform(), 6, -0.25);
  const Marginal fit = skewed_t_marginal(x, "x");
  // "value (error)" cells.
  auto within = [&](std::size_t cell, double truth) {
    double value = 0, error = 0;
    REQUIRE(std::sscanf(fit.row[cell].c_str(), "%lf (%lf)", &value, &error) == 2);
    CAPTURE(fit.row[cell]);
    CHECK(std::abs(value - truth) <= 4 * error);
    CHECK(error < 0.25 * std::abs(truth));
  };
  within(1, 0.006);
  within(2, 0.04);
  within(3, 6);
  within(4, -0.25);
}

TEST_CASE("empirical marginals: the history's quantiles in the body, a fitted Pareto tail beyond, no gap between") {
  Draws draws(9);
  Eigen::VectorXd x(5000);
  for (double& v : x) v = 0.02 * t_quantile(draws.uniform(), 4);
  const Marginal fit = empirical_marginal(x, "x", 0.1, "scenarios.t_copula");
  CHECK(fit.quantile(0.0999999) == doctest::Approx(fit.quantile(0.1000001)).epsilon(1e-4));
  CHECK(fit.quantile(0.8999999) == doctest::Approx(fit.quantile(0.9000001)).epsilon(1e-4));
  double below = fit.quantile(1e-7);
  for (double u = 0.001; u < 1; u += 0.001) {
    CHECK(fit.quantile(u) >= below);
    below = fit.quantile(u);
  }
  // Tail index 1/4; the error of a shape from 500 excesses is (1 + 1/4) / sqrt(500) = 0.056.
  double shape = 0, error = 0;
  REQUIRE(std::sscanf(fit.row[1].c_str(), "%lf (%lf)", &shape, &error) == 2);
  CHECK(error == doctest::Approx(0.056).epsilon(0.3));
  CHECK(std::abs(shape - 0.25) < 4 * error + 0.03);
  CHECK_THROWS_AS(empirical_marginal(x.head(80), "x", 0.1, "scenarios.t_copula"), InputError);
}
