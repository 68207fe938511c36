#include "engine/portfolio/projection.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include <Eigen/Eigenvalues>
#include <doctest/doctest.h>

#include "engine/liabilities/liability_valuer.h"
#include "engine/liabilities/payment_schedule.h"
#include "engine/portfolio/asset_path.h"

using namespace ballast;
using doctest::Approx;

namespace {

double uniform(std::uint64_t& state, double low, double high) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return low + (high - low) * double(state >> 11) * 0x1p-53;
}

void fill_random(LaneArray& x, double low, double high, std::uint64_t& state) {
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t lane = 0; lane < x.lanes(); ++lane) x(r, lane) = uniform(state, low, high);
  }
}

/// Gauss-Hermite nodes and probabilities for a standard normal (Golub & Welsch 1969).
std::pair<Eigen::VectorXd, Eigen::VectorXd> normal_quadrature(int n) {
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(n, n);
  for (int k = 1; k < n; ++k) jacobi(k, k - 1) = jacobi(k - 1, k) = std::sqrt(double(k));
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  return {solver.eigenvalues(), solver.eigenvectors().row(0).array().square()};
}

struct Moments {
  double first = 0.0, second = 0.0;
};

/// Wealth after two steps of two correlated lognormal assets, its moments integrated over 8^4 lanes.
Moments wealth_moments(const ProjectionParameters& parameters, double rho) {
  const double mu[] = {0.03, 0.01}, sigma[] = {0.2, 0.1};
  auto [node, probability] = normal_quadrature(8);
  constexpr std::size_t lanes = 4096;
  Projection projection(parameters, lanes);
  LaneArray gross(2, lanes), cash(1, lanes);
  cash.fill(1.0);
  for (int step = 1; step <= 2; ++step) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      std::size_t pair = step == 1 ? lane % 64 : lane / 64;
      double x = node[Eigen::Index(pair % 8)];
      double y = rho * x + std::sqrt(1 - rho * rho) * node[Eigen::Index(pair / 8)];
      gross(0, lane) = std::exp(mu[0] + sigma[0] * x);
      gross(1, lane) = std::exp(mu[1] + sigma[1] * y);
    }
    projection.step(step, gross, cash.row(0), nullptr);
  }
  Moments m;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double p = 1.0;
    for (std::size_t k = 0, digits = lane; k < 4; ++k, digits /= 8) p *= probability[Eigen::Index(digits % 8)];
    double w = projection.assets()[lane];
    m.first += p * w;
    m.second += p * w * w;
  }
  return m;
}

}  // namespace

TEST_CASE("lognormal wealth has the moments of closed form, bought and held or rebalanced to constant weights") {
  double rho = 0.3, a = 0.6, b = 0.4;
  // One step: E[g_i] and E[g_i g_j].
  double e1 = std::exp(0.03 + 0.02), e2 = std::exp(0.01 + 0.005);
  double e11 = std::exp(0.06 + 0.08), e22 = std::exp(0.02 + 0.02), e12 = e1 * e2 * std::exp(rho * 0.02);
  Moments held = wealth_moments({{a, b}, 100.0, Rebalancing::buy_and_hold, 1, 0.0}, rho);
  CHECK(held.first == Approx(100 * (a * e1 * e1 + b * e2 * e2)).epsilon(1e-10));
  CHECK(held.second == Approx(1e4 * (a * a * e11 * e11 + 2 * a * b * e12 * e12 + b * b * e22 * e22)).epsilon(1e-10));
  Moments mixed = wealth_moments({{a, b}, 100.0, Rebalancing::constant_mix, 1, 0.0}, rho);
  CHECK(mixed.first == Approx(100 * std::pow(a * e1 + b * e2, 2)).epsilon(1e-10));
  CHECK(mixed.second == Approx(1e4 * std::pow(a * a * e11 + 2 * a * b * e12 + b * b * e22, 2)).epsilon(1e-10));
  // Rebalanced only at the end of the second step: till then as held.
  Moments late = wealth_moments({{a, b}, 100.0, Rebalancing::constant_mix, 2, 0.0}, rho);
  CHECK(late.first == held.first);
}

TEST_CASE("nothing is lost: assets - shortfall is the account with what came in, was earned and was paid") {
  std::uint64_t state = 5;
  for (Rebalancing rebalancing : {Rebalancing::constant_mix, Rebalancing::buy_and_hold}) {
    Projection projection({{0.5, 0.3, 0.2}, 100.0, rebalancing, 3, 1.5}, 64);
    LaneArray gross(3, 64), cash(1, 64), payments(1, 64), before(3, 64);
    for (int step = 1; step <= 40; ++step) {
      fill_random(gross, 0.85, 1.2, state);
      fill_random(cash, 1.0, 1.01, state);
      fill_random(payments, 0.0, 9.0, state);
      std::vector<double> old_shortfall(projection.shortfall(), projection.shortfall() + 64);
      for (std::size_t k = 0; k < 3 * 64; ++k) before.data()[k] = projection.holdings().data()[k];
      projection.step(step, gross, cash.row(0), payments.row(0));
      for (std::size_t lane = 0; lane < 64; ++lane) {
        double expected = 1.5 - payments(0, lane) - old_shortfall[lane] * cash(0, lane), held = 0.0;
        for (std::size_t i = 0; i < 3; ++i) {
          expected += before(i, lane) * gross(i, lane);
          held += projection.holdings()(i, lane);
        }
        double assets = projection.assets()[lane], shortfall = projection.shortfall()[lane];
        REQUIRE(assets - shortfall == Approx(expected).epsilon(1e-12));
        REQUIRE(held == Approx(assets).epsilon(1e-12));
        REQUIRE(assets >= 0.0);
        REQUIRE(shortfall >= 0.0);
        REQUIRE((assets == 0.0 || shortfall == 0.0));
        bool at_weights = (rebalancing == Rebalancing::constant_mix && step % 3 == 0) || assets == 0.0;
        if (at_weights) REQUIRE(projection.holdings()(1, lane) == Approx(0.3 * assets).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("payments are taken pro rata between rebalancings") {
  Projection projection({{0.5, 0.5}, 100.0, Rebalancing::buy_and_hold, 1, 0.0}, 16);
  LaneArray gross(2, 16), cash(1, 16), payments(1, 16);
  std::fill_n(gross.row(0), 16, 1.5);
  std::fill_n(gross.row(1), 16, 0.5);
  cash.fill(1.0);
  payments.fill(20.0);
  projection.step(1, gross, cash.row(0), payments.row(0));
  CHECK(projection.assets()[0] == 80.0);
  CHECK(projection.holdings()(0, 0) == Approx(60.0));
  CHECK(projection.holdings()(1, 0) == Approx(20.0));
}

TEST_CASE("exhausted assets are zero; the shortfall grows at cash, counts in the surplus and is repaid first") {
  Projection projection({{1.0}, 10.0, Rebalancing::buy_and_hold, 1, 0.0}, 16);
  LaneArray gross(1, 16), cash(1, 16), payments(1, 16);
  gross.fill(1.1);
  cash.fill(1.02);
  payments.fill(15.0);
  projection.step(1, gross, cash.row(0), payments.row(0));
  CHECK(projection.assets()[0] == 0.0);
  CHECK(projection.shortfall()[0] == Approx(4.0));
  projection.step(2, gross, cash.row(0), nullptr);
  CHECK(projection.assets()[0] == 0.0);
  CHECK(projection.shortfall()[0] == Approx(4.08));
  double pv[16], surplus[16], ratio[16];
  std::fill_n(pv, 16, 20.0);
  pv[1] = 0.0;
  balance_measures(projection.assets(), projection.shortfall(), pv, 16, surplus, ratio);
  CHECK(surplus[0] == Approx(-24.08));
  CHECK(ratio[0] == 0.0);
  CHECK(surplus[1] == Approx(-4.08));
  CHECK(std::isnan(ratio[1]));
  payments.fill(-10.0);  // income
  projection.step(3, gross, cash.row(0), payments.row(0));
  CHECK(projection.shortfall()[0] == 0.0);
  CHECK(projection.assets()[0] == Approx(10.0 - 4.08 * 1.02));
  CHECK(projection.holdings()(0, 0) == projection.assets()[0]);
}

TEST_CASE("what is not a number does not become one") {
  Projection projection({{1.0}, 10.0, Rebalancing::constant_mix, 1, 0.0}, 16);
  LaneArray gross(1, 16), cash(1, 16);
  gross.fill(std::nan(""));
  cash.fill(1.0);
  projection.step(1, gross, cash.row(0), nullptr);
  CHECK(std::isnan(projection.assets()[0]));
}

TEST_CASE("one bullet and the zero-coupon bond of its maturity: the funding ratio stays 1 on every scenario") {
  const std::vector<double> tenors = {0.25, 1, 2, 5, 10, 30};
  constexpr int steps = 120;
  constexpr double dt = 1.0 / 12;
  for (auto [maturity, between] : {std::pair{10.0, Interpolation::linear_zero},
                                   {7.0 + 1.0 / 3, Interpolation::linear_zero},
                                   {8.765, Interpolation::linear_zero},
                                   {8.765, Interpolation::monotone_convex},
                                   {8.765, Interpolation::natural_cubic}}) {
    CAPTURE(maturity);
    CAPTURE(name_of(between));
    YieldCurve like(tenors, std::vector<double>(tenors.size(), 0.03), {between, Extrapolation::flat_zero});
    CashFlows bullet{"bullet", {maturity}, {1e6}, 0.0};
    AssetParameters strip;
    strip.name = "strip";
    strip.zero_coupon_years = maturity;
    AssetReturns returns(resolve_assets({strip}, true), tenors, like, dt);
    PaymentSchedule schedule({&bullet}, dt, steps);
    LaneArray start(tenors.size(), 48), end(tenors.size(), 48), cash(1, 48), payments(1, 48), gross(1, 48), none;
    start.fill(0.03);
    LaneArray value(2, 48), surplus(1, 48), ratio(1, 48);
    LiabilityValuer now({&bullet}, tenors, 0.0, Compounding::annual, {}, false, false, &like);
    now.value(start, value);
    Projection projection({{1.0}, value(0, 0), Rebalancing::constant_mix, 1, 0.0}, 48);
    std::uint64_t state = 17;
    for (int step = 1; step <= steps; ++step) {
      for (std::size_t k = 0; k < end.rows() * end.lanes(); ++k) {
        end.data()[k] = start.data()[k] + uniform(state, -0.004, 0.004);
      }
      CurveMap(tenors, like, {dt}).evaluate(start, cash);  // what a deposit over the step earns
      for (std::size_t lane = 0; lane < 48; ++lane) cash(0, lane) = std::exp(cash(0, lane) * dt);
      returns.step({step, none, cash.row(0), start, end}, gross);
      schedule.due(step, cash.row(0), 48, payments.row(0));
      projection.step(step, gross, cash.row(0), payments.row(0));
      LiabilityValuer then({&bullet}, tenors, step * dt, Compounding::annual, {}, false, false, &like);
      then.value(end, value);
      balance_measures(projection.assets(), projection.shortfall(), value.row(0), 48, surplus.row(0), ratio.row(0));
      for (std::size_t lane = 0; lane < 48; ++lane) {
        if (step * dt < maturity - 1e-6) {
          REQUIRE(std::abs(ratio(0, lane) - 1.0) < 1e-12);
        } else {
          REQUIRE(std::isnan(ratio(0, lane)));
        }
        REQUIRE(std::abs(surplus(0, lane)) < 1e-12 * 1e6);
      }
      std::swap(start, end);
    }
  }
}
