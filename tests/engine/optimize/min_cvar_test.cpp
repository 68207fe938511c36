#include "engine/optimize/min_cvar.h"

#include <doctest/doctest.h>

using namespace ballast;

TEST_CASE("two assets, four scenarios, by hand") {
  const double growth[] = {-0.10, 0.02, 0.05, -0.06, 0.03, 0.01, 0.02, 0.03};
  ScenarioSet set;
  set.scenarios = 4;
  set.assets = 2;
  set.growth = growth;
  const OptimizationResult result = minimise_cvar(set, long_only_simplex(2), {.confidence = 0.75});
  // worst of -0.10 w + 0.02 (1-w) and 0.05 w - 0.06 (1-w): equal at 0.23 w = 0.08
  CHECK(result.status == "optimal");
  CHECK(result.weights[0] == doctest::Approx(0.08 / 0.23).epsilon(1e-6));
  CHECK(result.value == doctest::Approx(0.10 * 0.08 / 0.23 - 0.02 * 0.15 / 0.23).epsilon(1e-6));
}
