#include <cmath>

#include <Eigen/Cholesky>
#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/curve_model.h"
#include "scenarios/models/gaussian_factors.h"
#include "scenarios/models/short_rate_formulas.h"
#include "scenarios/random/draws.h"

using namespace ballast;

// Curves are simulated under known parameters, seen with small errors at seven tenors, and the parameters estimated
// back: each must lie within 3.5 of its own standard errors.

namespace {

const std::vector<double> kTenors = {0.25, 1, 2, 5, 7, 10, 30};

/// Standard normal numbers one after another.
class Normals {
 public:
  explicit Normals(std::uint64_t seed) : draws_(PcgSequence(seed, Sequence::calibrate), 0, 16, 1u << 20) {}
  double operator()() {
    draws_.normals(z_);
    return z_[0];
  }

 private:
  BlockDraws draws_;
  double z_[16];
};

template <class ZeroRate>
void see_curve(MarketHistory& h, Eigen::Index t, double error, Normals& normal, ZeroRate&& zero_rate) {
  for (std::size_t i = 0; i < kTenors.size(); ++i) {
    h.zero_rates(t, Eigen::Index(i)) = zero_rate(kTenors[i]) + error * normal();
  }
}

MarketHistory empty_history(int periods) {
  MarketHistory h;
  h.tenors = kTenors;
  h.zero_rates.resize(periods + 1, Eigen::Index(kTenors.size()));
  h.returns.resize(periods, 0);
  h.dates.resize(std::size_t(periods));
  return h;
}

MarketHistory vasicek_history(int periods, double a, double b, double sigma, double kappa, double lambda) {
  GaussianFactors f{b, {a}, {sigma}, {kappa}, {lambda}, 0.0};
  FactorTransition step = f.real_world(1.0 / 12);
  MarketHistory h = empty_history(periods);
  Normals normal(11);
  double x = f.stationary().drift[0];
  for (Eigen::Index t = 0; t <= periods; ++t) {
    see_curve(h, t, 0.0005, normal, [&](double tau) { return -f.log_discount({x}, tau) / tau; });
    x = step.decay[0] * x + step.drift[0] + std::sqrt(step.covariance(0, 0)) * normal();
  }
  return h;
}

std::unique_ptr<CurveModel> fitted(const MarketHistory& h, CurveModelKind kind, ScenarioParameters parameters = {}) {
  Eigen::VectorXd last = h.zero_rates.row(h.zero_rates.rows() - 1);
  parameters.curve_model = kind;
  return make_curve_model(parameters, {h, YieldCurve(h.tenors, {last.data(), last.data() + last.size()}), 1.0 / 12});
}

/// The row of a fit table: estimate and standard error.
void check_row(const FitTable& table, const std::string& name, double truth) {
  for (const auto& row : table.rows) {
    if (row[0] != name) continue;
    double estimate = std::stod(row[1]), error = std::stod(row[2]);
    CAPTURE(name);
    CAPTURE(estimate);
    CAPTURE(error);
    CHECK(error > 0);
    CHECK(std::abs(estimate - truth) < 3.5 * error);
    return;
  }
  FAIL("no row " << name);
}

}  // namespace

TEST_CASE("Vasicek is recovered, and its estimates given back are the same model to the last bit") {
  MarketHistory h = vasicek_history(480, 0.12, 0.05, 0.012, 0.3, -0.2);
  auto model = fitted(h, CurveModelKind::vasicek);
  FitTable table = model->fit_tables()[0];
  check_row(table, "mean_reversion", 0.12);
  check_row(table, "mean", 0.05);
  check_row(table, "volatility", 0.012);
  check_row(table, "real_world_mean_reversion", 0.3);
  check_row(table, "market_price_of_risk", -0.2);
  ScenarioParameters found;
  model->resolve(found);
  CHECK(fitted(h, CurveModelKind::vasicek, found)->innovations() == model->innovations());
  // Innovations are standard normal in the sample.
  CHECK(std::abs(model->innovations().mean()) < 1e-12);
  CHECK(model->innovations().squaredNorm() / 479 == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("CIR is recovered") {
  double a = 0.15, b = 0.05, sigma = 0.08, lambda = -1.0, dt = 1.0 / 12;
  double k = a - lambda * sigma, mean = a * b / k;
  MarketHistory h = empty_history(480);
  Normals normal(12);
  double x = mean;
  for (Eigen::Index t = 0; t <= 480; ++t) {
    see_curve(h, t, 0.0005, normal, [&](double tau) {
      CirBond bond = cir_bond(a, b, sigma, tau);
      return (bond.log_constant + bond.loading * x) / tau;
    });
    for (int fine = 0; fine < 100; ++fine) {  // Euler in a hundredth of a month: independent of the exact sampling
      x = std::max(0.0, x + k * (mean - x) * dt / 100 + sigma * std::sqrt(x * dt / 100) * normal());
    }
  }
  FitTable table = fitted(h, CurveModelKind::cir)->fit_tables()[0];
  check_row(table, "mean_reversion", a);
  check_row(table, "mean", b);
  check_row(table, "volatility", sigma);
  check_row(table, "market_price_of_risk", lambda);
}

TEST_CASE("dynamic Nelson-Siegel is recovered") {
  double decay = 0.6;
  Eigen::Matrix3d phi;
  phi << 0.97, 0.02, 0.0, -0.01, 0.93, 0.03, 0.02, 0.0, 0.88;
  Eigen::Vector3d mean(0.05, -0.02, 0.0), sd(0.002, 0.003, 0.006), f = mean;
  MarketHistory h = empty_history(600);
  Normals normal(13);
  for (Eigen::Index t = 0; t <= 600; ++t) {
    see_curve(h, t, 0.0003, normal, [&](double tau) {
      double slope = (1 - std::exp(-decay * tau)) / (decay * tau);
      return f[0] + slope * f[1] + (slope - std::exp(-decay * tau)) * f[2];
    });
    Eigen::Vector3d e(normal(), normal(), normal());
    f = mean + phi * (f - mean) + sd.cwiseProduct(e);
  }
  auto tables = fitted(h, CurveModelKind::nelson_siegel)->fit_tables();
  check_row(tables[0], "decay", decay);
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      const std::string& cell = tables[1].rows[std::size_t(row)][std::size_t(column + 2)];
      double estimate = std::stod(cell), error = std::stod(cell.substr(cell.find('(') + 1));
      CAPTURE(cell);
      CHECK(std::abs(estimate - phi(row, column)) < 3.5 * error);
    }
  }
}

TEST_CASE("G2++ is recovered") {
  const GaussianFactors truth{0.05, {0.8, 0.08}, {0.012, 0.010}, {1.2, 0.3}, {-0.3, 0.2}, -0.5};
  const FactorTransition step = truth.real_world(1.0 / 12);
  const Eigen::Matrix2d shock = Eigen::Matrix2d(step.covariance).llt().matrixL();
  MarketHistory h = empty_history(480);
  Normals normal(14);
  Eigen::Vector2d x = Eigen::Map<const Eigen::Vector2d>(truth.stationary().drift.data());
  for (Eigen::Index t = 0; t <= 480; ++t) {
    see_curve(h, t, 0.0005, normal, [&](double tau) { return -truth.log_discount({x[0], x[1]}, tau) / tau; });
    const double z0 = normal(), z1 = normal();
    const Eigen::Vector2d moved(step.decay[0] * x[0] + step.drift[0], step.decay[1] * x[1] + step.drift[1]);
    x = moved + shock * Eigen::Vector2d(z0, z1);
  }
  const FitTable table = fitted(h, CurveModelKind::g2pp)->fit_tables()[0];
  check_row(table, "mean_reversion_x", 0.8);
  check_row(table, "volatility_x", 0.012);
  check_row(table, "mean_reversion_y", 0.08);
  check_row(table, "volatility_y", 0.010);
  check_row(table, "correlation", -0.5);
  check_row(table, "real_world_mean_reversion_x", 1.2);
  check_row(table, "real_world_mean_reversion_y", 0.3);
  check_row(table, "market_price_of_risk_x", -0.3);
  check_row(table, "market_price_of_risk_y", 0.2);
  check_row(table, "level", 0.05);
}

TEST_CASE("histories that cannot be fitted are refused") {
  MarketHistory h = vasicek_history(40, 0.12, 0.05, 0.012, 0.3, -0.2);
  CHECK_THROWS_AS(fitted(h, CurveModelKind::g2pp), InputError);  // too short for nine parameters
  h = vasicek_history(120, 0.12, 0.05, 0.012, 0.3, -0.2);
  MarketHistory still = h;
  still.zero_rates.col(3).setConstant(0.02);
  CHECK_THROWS_AS(fitted(still, CurveModelKind::vasicek), InputError);
  MarketHistory negative = h;
  negative.zero_rates.array() -= 0.08;
  CHECK_THROWS_AS(fitted(negative, CurveModelKind::cir), InputError);
  MarketHistory exploding = h;  // rates that double every three years
  for (Eigen::Index t = 0; t <= 120; ++t) exploding.zero_rates.row(t) *= std::exp(0.02 * double(t));
  CHECK_THROWS_AS(fitted(exploding, CurveModelKind::nelson_siegel), InputError);
}
