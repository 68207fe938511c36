#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/simulate.h"

// Credit spreads beside returns, curves and inflation in one world.

using namespace ballast;
using doctest::Approx;

namespace {

/// Twenty years of months: equities, a curve, a spread that widens when equities fall, another that does not,
/// inflation.
MarketHistory some_history() {
  constexpr int kMonths = 240;
  MarketHistory h;
  h.tenors = {1, 10};
  h.zero_rates.resize(kMonths + 1, 2);
  h.returns.resize(kMonths, 1);
  h.inflation.resize(kMonths);
  h.spreads.resize(kMonths + 1, 2);
  h.spread_names = {"bbb", "aaa"};
  double log_bbb = 0.0;
  for (int t = 0; t <= kMonths; ++t) {
    h.zero_rates.row(t) << 0.03 + 0.01 * std::sin(0.2 * t), 0.04 + 0.006 * std::cos(0.31 * t);
    h.spreads(t, 0) = 0.02 * std::exp(log_bbb);
    h.spreads(t, 1) = 0.005 * std::exp(0.2 * std::sin(0.7 * t));
    if (t == kMonths) break;
    double shock = std::sin(2.3 * t * t + 1);
    h.returns(t, 0) = 0.005 + 0.04 * shock;
    log_bbb = 0.9 * log_bbb - 0.1 * shock + 0.02 * std::sin(1.1 * t * t);
    h.inflation[t] = 0.002 + 0.002 * std::sin(3.7 * t * t);
    h.dates.push_back(Date{30 * t});
  }
  h.series = {"equity"};
  return h;
}

ScenarioParameters monthly(ModelKind model) {
  ScenarioParameters p;
  p.model = model;
  p.curve_changes.components = 2;
  return p;
}

World world_of(const ScenarioParameters& p) {
  return World(p, some_history(), YieldCurve({1, 10}, {0.03, 0.04}), {{"equity", false, {}, "assets[0].return"}});
}

}  // namespace

TEST_CASE("spreads stand between the curve and inflation among the innovations, and start where they are") {
  World world = world_of(monthly(ModelKind::normal));
  CHECK(world.innovation_history().columns == std::vector<std::string>{"equity", "curve component 1",
                                                                       "curve component 2", "spread bbb", "spread aaa",
                                                                       "inflation"});
  CHECK(world.spreads() == 2);
  MarketHistory h = some_history();
  CHECK(world.spread_now(0) == h.spreads(240, 0));
  WorldPath path(world, PcgSequence(1, Sequence::evaluate), 0, 16, 3);
  CHECK(path.spreads()(1, 5) == h.spreads(240, 1));
  path.step();
  CHECK(path.spreads_before()(1, 5) == h.spreads(240, 1));
  CHECK(path.spreads()(1, 5) != h.spreads(240, 1));
  double first = path.spreads()(0, 3);
  path.step();
  CHECK(path.spreads_before()(0, 3) == first);
}

TEST_CASE("spreads are drawn with returns, revert to their median, and never fall below nothing") {
  for (ModelKind model : {ModelKind::normal, ModelKind::block_bootstrap}) {
    ScenarioParameters p = monthly(model);
    World world = world_of(p);
    world.resolve(p);
    constexpr int kSteps = 120;
    constexpr std::size_t kLanes = 1024;
    Eigen::VectorXd x(4 * kLanes), y(4 * kLanes);  // of the first step: before it all scenarios have one spread
    double log_sum = 0.0, least = 1.0;
    for (int block = 0; block < 4; ++block) {
      WorldPath path(world, PcgSequence(7, Sequence::evaluate), std::uint64_t(block) * kLanes, kLanes, kSteps);
      for (int step = 0; step < kSteps; ++step) {
        path.step();
        if (step != 0) continue;
        path.log_return(0, x.data() + std::size_t(block) * kLanes);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          y[Eigen::Index(std::size_t(block) * kLanes + lane)] = std::log(path.spreads()(0, lane));
        }
      }
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        log_sum += std::log(path.spreads()(0, lane));
        least = std::min(least, path.spreads()(0, lane));
      }
    }
    const Eigen::MatrixXd& rows = world.innovation_history().rows;
    Eigen::VectorXd a = rows.col(0).array() - rows.col(0).mean(), b = rows.col(3).array() - rows.col(3).mean();
    double correlation = a.dot(b) / std::sqrt(a.squaredNorm() * b.squaredNorm());
    CHECK(correlation < -0.9);
    x.array() -= x.mean();
    y.array() -= y.mean();
    CHECK(x.dot(y) / std::sqrt(x.squaredNorm() * y.squaredNorm()) == Approx(correlation).epsilon(0.02));
    // After ten years at phi near 0.9 the logarithm is stationary: standard deviation s / sqrt(1 - phi^2).
    double phi = std::exp(-p.spreads.mean_reversion.at("bbb") / 12), s = std::sqrt(b.squaredNorm() / 239);
    double error = s / std::sqrt(1 - phi * phi) / std::sqrt(4.0 * kLanes);
    CHECK(std::abs(log_sum / (4 * kLanes) - std::log(p.spreads.median.at("bbb"))) < 5 * error);
    CHECK(least > 0);
  }
}

TEST_CASE("the risk-neutral measure has no law for spreads, and says so") {
  ScenarioParameters p = monthly(ModelKind::normal);
  p.measure = Measure::risk_neutral;
  p.curve_model = CurveModelKind::vasicek;
  MarketHistory h = some_history();
  h.inflation.resize(0);
  std::string said;
  try {
    World(p, h, YieldCurve({1, 10}, {0.03, 0.04}), {{"equity", true, {}, "assets[0].return"}});
  } catch (const InputError& error) {
    said = error.what();
  }
  CHECK(said.find("market.spreads") != std::string::npos);
}
