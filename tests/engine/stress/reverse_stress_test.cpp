#include "engine/stress/reverse_stress.h"

#include <cmath>
#include <random>

#include <Eigen/Cholesky>
#include <doctest/doctest.h>

#include "scenarios/base/error.h"

using namespace ballast;
using doctest::Approx;

namespace {

/// One equity series and cash against a flow due at once: the funding ratio is a function of one number.
StressedBalance one_factor(double rate_move) {
  StressedBalance balance;
  balance.asset_parameters.resize(2);
  balance.asset_parameters[0].name = "equity";
  balance.asset_parameters[0].series = "e";
  balance.asset_parameters[1].name = "cash";
  balance.asset_parameters[1].cash = true;
  balance.assets = resolve_assets(balance.asset_parameters, true);
  balance.market.curve = YieldCurve({1, 30}, {0.02, 0.02 + rate_move});
  balance.exposures = rate_exposures(balance.assets, balance.asset_parameters, balance.market.curve, {}, {});
  balance.liabilities = LiabilityBook({CashFlows{"owed", {10}, {100}, 0.0}});
  balance.initial_assets = 100;
  return balance;
}

/// Independent normal moves: log returns of 20% a year, zero rates of 1 point, both tenors together.
FactorSample normal_moves(int scenarios, bool rates) {
  FactorSample sample;
  sample.horizon_years = 1;
  sample.series = 1;
  if (rates) sample.tenors = {1, 30};
  sample.moves.resize(scenarios, rates ? 3 : 1);
  std::mt19937_64 engine(11);
  std::normal_distribution<double> normal;
  for (int s = 0; s < scenarios; ++s) {
    sample.moves(s, 0) = 0.2 * normal(engine);
    if (rates) sample.moves(s, 1) = sample.moves(s, 2) = 0.01 * normal(engine);
  }
  return sample;
}

double deviation(const Eigen::VectorXd& x) {
  return std::sqrt((x.array() - x.mean()).square().sum() / double(x.size() - 1));
}

}  // namespace

TEST_CASE("one factor: the reverse stress is the move that solves the equation") {
  StressedBalance balance = one_factor(0);
  FactorSample sample = normal_moves(2000, false);
  const std::vector<double> weights = {0.7, 0.3};
  double owed = 100 * std::exp(-0.2), level = 1.0;
  ReverseStress found = reverse_stress(balance, "r", {level, 2000, 5}, sample, "current", weights);
  REQUIRE(found.status == "found");
  // 100 (0.3 + 0.7 exp(x)) = level x owed.
  double x = std::log((level * owed / 100 - 0.3) / 0.7);
  CHECK(found.distance == Approx(std::abs(x) / deviation(sample.moves.col(0))).epsilon(1e-7));
  CHECK(found.row.asset_shocks[0] == Approx(std::expm1(x)).epsilon(1e-8));
  CHECK(std::abs(found.residual) < 1e-8);
  CHECK(found.stationarity < 1e-6);
  CHECK(found.starts == 3);  // linear, up and down
  // The scenario nearest to it, by looking at all.
  Eigen::Index nearest;
  (sample.moves.col(0).array() - x).abs().minCoeff(&nearest);
  CHECK(found.nearest_scenario == std::uint64_t(nearest));
  double at = 100 * (0.3 + 0.7 * std::exp(sample.moves(nearest, 0))) / owed;
  CHECK(found.nearest_funding_ratio == Approx(at).epsilon(1e-12));
}

TEST_CASE("two factors: no move at the same distance loses more") {
  StressedBalance balance = one_factor(0);
  FactorSample sample = normal_moves(2000, true);
  const std::vector<double> weights = {0.5, 0.5};
  ReverseStress found = reverse_stress(balance, "r", {0.95, 2000, 12}, sample, "current", weights);
  REQUIRE(found.status == "found");
  CHECK(found.row.funding_ratio == Approx(0.95).epsilon(1e-8));
  CHECK(found.row.asset_shocks[0] < 0);  // equity falls and so do rates
  CHECK(found.row.rate_shocks[0] < 0);
  CHECK(found.starts_agreeing >= 2);
  // Brute force over directions: the sample's correlation is small, but counts.
  Eigen::MatrixXd centred = sample.moves.leftCols(2).rowwise() - sample.moves.leftCols(2).colwise().mean();
  Eigen::Matrix2d covariance = centred.transpose() * centred / 1999.0;
  Eigen::Matrix2d root = covariance.llt().matrixL();
  double least = 1e9;
  for (int k = 0; k < 720; ++k) {
    Eigen::Vector2d move = root * Eigen::Vector2d(std::cos(k * M_PI / 360), std::sin(k * M_PI / 360)) * found.distance;
    double ratio = 100 * (0.5 + 0.5 * std::exp(move[0])) / (100 * std::exp(-(0.02 + move[1]) * 10));
    least = std::min(least, ratio);
  }
  CHECK(least == Approx(0.95).epsilon(1e-4));
  CHECK(least > 0.95 - 1e-7);
}

TEST_CASE("a level that is missed already, and one out of reach") {
  StressedBalance balance = one_factor(0);
  FactorSample sample = normal_moves(500, false);
  ReverseStress below = reverse_stress(balance, "r", {1.5, 500, 4}, sample, "current", {0.7, 0.3});
  CHECK(below.status == "below already");
  CHECK(below.distance == 0);
  ReverseStress never = reverse_stress(balance, "r", {0.3, 500, 4}, sample, "current", {0.5, 0.5});
  CHECK(never.status == "not found");  // half of the assets is cash
  CHECK(std::isnan(never.distance));
}
