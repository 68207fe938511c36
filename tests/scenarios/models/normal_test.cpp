#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/models/innovations.h"

using namespace ballast;

namespace {

/// 60 deterministic rows of two correlated series and one curve component.
InnovationHistory small_history() {
  InnovationHistory h;
  h.rows.resize(60, 3);
  for (int t = 0; t < 60; ++t) {
    double a = std::sin(1.7 * t), b = std::cos(2.3 * t + 1), c = std::sin(0.9 * t + 2);
    h.rows.row(t) << 0.01 + 0.05 * a, 0.004 + 0.02 * a + 0.01 * b, 0.001 * (c - 0.5 * a);
  }
  h.series = 2;
  h.columns = {"a", "b", "curve component 1"};
  h.dates.resize(60);
  return h;
}

}  // namespace

TEST_CASE("normal innovations have the fitted moments to fourth order and squared correlations") {
  InnovationHistory history = small_history();
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.normal.covariance.estimate = CovarianceEstimate::sample;
  auto model = make_model(p, history);
  const std::size_t lanes = 1 << 15;
  const int steps = 8;
  BlockDraws draws(PcgSequence(3, Sequence::calibrate), 0, lanes, model->draws_per_scenario(steps));
  auto path = model->start(lanes);
  LaneArray out(3, lanes);
  Eigen::MatrixXd x(lanes * steps, 3);
  for (int t = 0; t < steps; ++t) {
    path->step(draws, out);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      for (int c = 0; c < 3; ++c) x(Eigen::Index(std::size_t(t) * lanes + lane), c) = out(std::size_t(c), lane);
    }
  }
  Eigen::MatrixXd centred_history = history.rows.rowwise() - history.rows.colwise().mean();
  Eigen::MatrixXd covariance = centred_history.transpose() * centred_history / 59.0;
  double n = double(x.rows());
  Eigen::RowVectorXd mean = x.colwise().mean();
  for (int c = 0; c < 3; ++c) {
    double v = covariance(c, c), sd = std::sqrt(v);
    double wanted = c < 2 ? std::log(history.rows.col(c).array().exp().mean()) - v / 2 : history.rows.col(c).mean();
    CHECK(std::abs(mean[c] - wanted) < 5 * sd / std::sqrt(n));  // 5 standard errors: alpha 6e-7 each
    Eigen::ArrayXd z = (x.col(c).array() - wanted) / sd;
    CHECK(std::abs((z * z).mean() - 1) < 5 * std::sqrt(2 / n));
    CHECK(std::abs((z * z * z).mean()) < 5 * std::sqrt(15 / n));
    CHECK(std::abs((z * z * z * z).mean() - 3) < 5 * std::sqrt(96 / n));
  }
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < a; ++b) {
      double rho = covariance(a, b) / std::sqrt(covariance(a, a) * covariance(b, b));
      Eigen::ArrayXd za = (x.col(a).array() - mean[a]) / std::sqrt(covariance(a, a));
      Eigen::ArrayXd zb = (x.col(b).array() - mean[b]) / std::sqrt(covariance(b, b));
      CHECK(std::abs((za * zb).mean() - rho) < 5 * std::sqrt((1 + rho * rho) / n));
      CHECK(std::abs((za * za * zb * zb).mean() - (1 + 2 * rho * rho)) < 5 * std::sqrt(96 / n));
    }
  }
}

TEST_CASE("a shrunk covariance of fewer rows than columns still simulates, a sample one is refused") {
  InnovationHistory history = small_history();
  history.rows = history.rows.topRows(3).eval();
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.normal.covariance.estimate = CovarianceEstimate::sample;
  CHECK_THROWS(make_model(p, history));
  p.normal.covariance.estimate = CovarianceEstimate::ledoit_wolf;
  CHECK(make_model(p, history) != nullptr);
}
