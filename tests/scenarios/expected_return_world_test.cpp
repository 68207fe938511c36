// An expected return beside models that are fitted to the history.

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/parallel.h"
#include "scenarios/random/normal.h"
#include "scenarios/simulate.h"

using namespace ballast;

namespace {

/// 40 years of months of one series, of which every third stretch of 40 months is a wild one, the last among them.
MarketHistory clustered() {
  const PcgSequence random(12, Sequence::calibrate);
  MarketHistory h;
  h.returns.resize(480, 1);
  for (int t = 0; t < 480; ++t) {
    const double volatility = t / 40 % 3 == 2 ? 0.06 : 0.03;
    h.returns(t, 0) = std::expm1(0.005 + volatility * inverse_normal(random.uniform(std::uint64_t(t))));
    h.dates.push_back(Date{31 * t});
  }
  h.series = {"equity"};
  return h;
}

World world_of(const ScenarioParameters& parameters, double expected_return) {
  return World(parameters, clustered(), YieldCurve(), {{"equity", false, expected_return, "assets[0].return"}});
}

/// Growth of 1 over each of `years`: [year][scenario].
std::vector<std::vector<double>> growth(const World& world, const std::vector<int>& years, std::size_t blocks) {
  const int steps = 12 * years.back();
  std::vector<std::vector<double>> at(years.size(), std::vector<double>(blocks * 1024));
  parallel_for(blocks, [&](std::size_t block) {
    WorldPath path(world, PcgSequence(20, Sequence::evaluate), block * 1024, 1024, steps);
    std::vector<double> wealth(1024, 1.0);
    std::size_t next = 0;
    for (int step = 1; step <= steps; ++step) {
      path.step();
      for (std::size_t lane = 0; lane < 1024; ++lane) wealth[lane] *= path.series_gross()(0, lane);
      if (step != 12 * years[next]) continue;
      std::copy(wealth.begin(), wealth.end(), at[next++].begin() + std::ptrdiff_t(block * 1024));
    }
  });
  return at;
}

}  // namespace

TEST_CASE("filtered historical simulation meets an expected return over 1 and 10 years") {
  ScenarioParameters p;
  p.model = ModelKind::filtered_historical;
  const std::vector<int> years = {1, 10};
  const auto wealth = growth(world_of(p, 0.07), years, 64);
  for (std::size_t i = 0; i < years.size(); ++i) {
    double sum = 0.0, squares = 0.0;
    for (double w : wealth[i]) sum += w, squares += w * w;
    const double n = double(wealth[i].size()), mean = sum / n, error = std::sqrt((squares / n - mean * mean) / n);
    CAPTURE(years[i]);
    CHECK(std::abs(mean - std::pow(1.07, years[i])) < 3 * error);  // 0.3% for each
    CHECK(error < 0.01);
  }
}

TEST_CASE("fitted parameters given back keep volatilities and regimes under another expected return") {
  for (ModelKind kind : {ModelKind::filtered_historical, ModelKind::regime_switching}) {
    CAPTURE(int(kind));
    ScenarioParameters p;
    p.model = kind;
    const World before = world_of(p, 0.02);
    before.resolve(p);
    const std::vector<std::vector<double>> low = growth(before, {1}, 1), high = growth(world_of(p, 0.20), {1}, 1);
    for (std::size_t s = 0; s < 1024; ++s) {
      REQUIRE(high[0][s] / low[0][s] == doctest::Approx(1.20 / 1.02).epsilon(1e-9));
    }
  }
}
