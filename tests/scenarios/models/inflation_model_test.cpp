#include "scenarios/models/inflation_model.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/random/draws.h"
#include "scenarios/random/normal.h"

using namespace ballast;

namespace {

constexpr double kMonth = 1.0 / 12;

/// Inflation of the innovations form with these parameters (log, per step).
Eigen::VectorXd simulated(int periods, double mean, double phi, double gain, double sd, std::uint64_t seed) {
  BlockDraws draws(PcgSequence(seed, Sequence::calibrate), 0, 16, std::uint64_t(periods));
  Eigen::VectorXd inflation(periods);
  double z[16], expected = mean;
  for (int t = 0; t < periods; ++t) {
    draws.normals(z);
    inflation[t] = std::expm1(expected + sd * z[0]);
    expected = mean + phi * (expected - mean) + gain * sd * z[0];
  }
  return inflation;
}

InflationParameters vasicek() {
  InflationParameters p;
  p.model = InflationKind::vasicek;
  return p;
}

}  // namespace

TEST_CASE("the history's own surprises give its own price index again") {
  Eigen::VectorXd inflation = simulated(120, 0.002, 0.9, 0.3, 0.003, 1);
  for (InflationParameters p : {InflationParameters{}, vasicek()}) {
    p.mean = 0.024;  // innovations are taken about their mean: where that is zero, the replay is exact
    InflationModel model(p, inflation, kMonth);
    InflationPath path(model, {0.0, 1, 10}, 1);
    double expected = model.expected_now(), index = 1.0;
    for (Eigen::Index t = 0; t < 120; ++t) {
      double v[16];
      std::fill_n(v, 16, model.innovations()[t]);
      index *= std::exp(path.expected()[0] + v[0]);
      path.step(v);
      CHECK(path.price_index()[0] == doctest::Approx(index).epsilon(1e-13));
    }
    CHECK(std::isfinite(expected));
  }
}

TEST_CASE("expected inflation has the closed form that simulation gives") {
  InflationParameters p = vasicek();
  p.mean = 0.02;
  p.mean_reversion = 0.4;
  p.gain = 0.3;
  p.expected = 0.06;
  InflationModel model(p, simulated(400, 0.002, 0.97, 0.3, 0.004, 2), kMonth);
  double sd = std::sqrt(model.innovations().squaredNorm() / 399);
  std::vector<double> tenors = {0.5, 1, 3};
  InflationPath start(model, tenors, 1);
  double sum[3] = {}, squares[3] = {};
  int paths = 0;
  for (std::uint64_t block = 0; block < 20; ++block) {
    BlockDraws draws(PcgSequence(7, Sequence::evaluate), block * 1024, 1024, 36);
    InflationPath path(model, tenors, 1024);
    LaneArray v(1, 1024);
    for (int t = 1; t <= 36; ++t) {
      draws.normals(v.row(0));
      for (std::size_t lane = 0; lane < 1024; ++lane) v(0, lane) *= sd;
      path.step(v.row(0));
      for (std::size_t i = 0; i < 3; ++i) {
        if (t != std::lround(tenors[i] * 12)) continue;
        for (std::size_t lane = 0; lane < 1024; ++lane) {
          sum[i] += path.price_index()[lane];
          squares[i] += path.price_index()[lane] * path.price_index()[lane];
        }
      }
    }
    paths += 1024;
  }
  for (std::size_t i = 0; i < 3; ++i) {
    double mean = sum[i] / paths, error = std::sqrt((squares[i] / paths - mean * mean) / paths);
    double closed = std::exp(start.breakeven()(i, 0) * tenors[i]);
    CHECK(std::abs(mean - closed) < 4 * error);
    CHECK(error < 1e-3 * mean);
  }
}

TEST_CASE("vasicek expected inflation is recovered from simulated inflation, with its standard errors") {
  // 60 years of months; half-life 1.5 years, a tenth of each surprise lasts.
  double speed = 0.46, phi = std::exp(-speed * kMonth), gain = 0.15;
  InflationModel model(vasicek(), simulated(720, 0.003, phi, gain, 0.003, 3), kMonth);
  InflationParameters found;
  model.resolve(found);
  FitTable table = model.fit_table();
  double truth[] = {std::expm1(0.036), speed, gain};
  double estimate[] = {*found.mean, *found.mean_reversion, *found.gain};
  for (std::size_t i = 0; i < 3; ++i) {
    double error = std::stod(table.rows[i][2]);
    CHECK(error > 0);
    CHECK(std::abs(estimate[i] - truth[i]) < 3.5 * error);
  }
  // What was found, given back, is the same model to the last bit: replays rest on it.
  InflationModel again(found, simulated(720, 0.003, phi, gain, 0.003, 3), kMonth);
  CHECK(again.innovations() == model.innovations());
  CHECK(again.expected_now() == model.expected_now());
}

TEST_CASE("constant inflation is refused") {
  CHECK_THROWS_AS(InflationModel({}, Eigen::VectorXd::Constant(50, 0.002), kMonth), InputError);
}
