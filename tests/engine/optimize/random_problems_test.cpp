#include <doctest/doctest.h>

#include "tests/engine/optimize/random_problem.h"

using namespace ballast;
using namespace ballast::test;

TEST_CASE("random problems that mix all constraints are certified to 1e-8") {
  int certified = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomProblem problem = random_problem(seed, 60, 600);
    CAPTURE(seed);
    CAPTURE(problem.describe());
    const RandomOutcome outcome = solve_random(problem);
    CHECK(outcome.wrong == "");
    certified += !outcome.no_optimum;
  }
  CHECK(certified >= 50);
}
