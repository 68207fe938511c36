#include "engine/optimize/cvar.h"

#include <algorithm>
#include <numeric>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;

namespace {

TailRisk risk_of(std::vector<double> losses, double confidence, std::vector<double> probability = {}) {
  for (double& loss : losses) loss = -loss;
  ScenarioSet set;
  set.scenarios = losses.size();
  set.assets = 1;
  set.growth = losses.data();
  set.probability = probability;
  const double one = 1.0;
  return tail_risk(set, {&one, 1}, confidence);
}

}  // namespace

TEST_CASE("VaR is the smallest x with P(loss <= x) >= b; CVaR splits the atom") {
  std::vector<double> losses(10);
  std::iota(losses.begin(), losses.end(), 1.0);  // 1..10
  CHECK(risk_of(losses, 0.9).var == 9.0);
  CHECK(risk_of(losses, 0.9).cvar == doctest::Approx(10.0).epsilon(1e-14));
  CHECK(risk_of(losses, 0.85).var == 9.0);
  CHECK(risk_of(losses, 0.85).cvar == doctest::Approx((10.0 + 0.5 * 9.0) / 1.5).epsilon(1e-14));
  CHECK(risk_of(losses, 0.8).var == 8.0);
  CHECK(risk_of(losses, 0.0).cvar == doctest::Approx(5.5).epsilon(1e-14));
  CHECK(risk_of(losses, 0.0).mean_loss == doctest::Approx(5.5).epsilon(1e-14));
  CHECK(risk_of(losses, 0.99999).var == 10.0);
  CHECK(risk_of(losses, 0.99999).cvar == doctest::Approx(10.0).epsilon(1e-12));
  CHECK(risk_of({3.0}, 0.95).var == 3.0);
  CHECK(risk_of({3.0}, 0.95).cvar == doctest::Approx(3.0).epsilon(1e-14));
}

TEST_CASE("VaR is right for every whole tail, although 1 - b is not exact in binary") {
  std::vector<double> losses(1000);
  std::iota(losses.begin(), losses.end(), 1.0);
  for (int percent = 1; percent < 100; ++percent) {
    const double b = percent / 100.0;
    CHECK(risk_of(losses, b).var == 10.0 * percent);
    CHECK(risk_of(losses, b).cvar == doctest::Approx((1000.0 + 10.0 * percent + 1.0) / 2.0).epsilon(1e-13));
  }
}

TEST_CASE("unequal probabilities, ties and scenarios without probability") {
  CHECK(risk_of({5.0, 1.0, 9.0, 7.0}, 0.8, {0.25, 0.5, 0.0, 0.25}).var == 7.0);
  CHECK(risk_of({5.0, 1.0, 9.0, 7.0}, 0.6, {0.25, 0.5, 0.0, 0.25}).cvar ==
        doctest::Approx((0.25 * 7 + 0.15 * 5) / 0.4).epsilon(1e-14));
  CHECK(risk_of({2.0, 2.0, 2.0, 1.0}, 0.5).cvar == doctest::Approx(2.0).epsilon(1e-14));
}

TEST_CASE("against sorting, on many assets") {
  const std::size_t assets = 37, scenarios = 5000;
  const std::vector<double> growth = test::factor_returns(9, scenarios, assets);
  std::vector<double> weights(assets), losses(scenarios, 0.0);
  for (std::size_t i = 0; i < assets; ++i) weights[i] = test::uniform(5, i) - 0.3;
  for (std::size_t s = 0; s < scenarios; ++s) {
    for (std::size_t i = 0; i < assets; ++i) losses[s] -= weights[i] * growth[s * assets + i];
  }
  std::sort(losses.begin(), losses.end(), std::greater<>());
  ScenarioSet set;
  set.scenarios = scenarios;
  set.assets = assets;
  set.growth = growth.data();
  const TailRisk risk = tail_risk(set, weights, 0.95);
  CHECK(risk.var == doctest::Approx(losses[250]).epsilon(1e-12));
  CHECK(risk.cvar ==
        doctest::Approx(std::accumulate(losses.begin(), losses.begin() + 250, 0.0) / 250.0).epsilon(1e-12));
}

TEST_CASE("weights of the wrong number and confidence levels out of range are errors") {
  const double growth[] = {0.1, 0.2};
  ScenarioSet set;
  set.scenarios = 1;
  set.assets = 2;
  set.growth = growth;
  const double weights[] = {0.5, 0.5};
  CHECK_THROWS_AS(tail_risk(set, {weights, 1}, 0.95), InputError);
  CHECK_THROWS_AS(tail_risk(set, weights, 1.0), InputError);
  CHECK_THROWS_AS(tail_risk(set, weights, -0.1), InputError);
}
