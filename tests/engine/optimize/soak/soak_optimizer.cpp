// Solves random convex problems for as long as one likes, and lists those that break the optimizer's contract:
//   soak_optimizer [COUNT [FIRST_SEED [ASSETS [SCENARIOS]]]]        500 problems from 0, of up to 200 and 3,000
// Exit code 1 when any does. One line a failure, then what each objective took.

#include <cstdio>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "tests/engine/optimize/random_problem.h"

using namespace ballast;

namespace {

struct Tally {
  int problems = 0, wrong = 0, without = 0, iterations = 0;
  double seconds = 0.0, largest_gap = 0.0;
};

}  // namespace

int main(int count, char** words) {
  auto number = [&](int k, std::uint64_t otherwise) {
    return count > k ? std::strtoull(words[k], nullptr, 10) : otherwise;
  };
  const std::uint64_t problems = number(1, 500), first = number(2, 0), assets = number(3, 200),
                      scenarios = number(4, 3000);
  if (assets < 5 || scenarios < 30) {
    fmt::print(stderr, "soak_optimizer: at least 5 assets and 30 scenarios are needed\n");
    return 64;
  }
  std::map<std::string, Tally> tallies;
  int wrong = 0;
  for (std::uint64_t seed = first; seed < first + problems; ++seed) {
    const test::RandomProblem problem = test::random_problem(seed, assets, scenarios);
    const test::RandomOutcome outcome = test::solve_random(problem);
    Tally& tally = tallies[name_of(problem.objective)];
    ++tally.problems;
    tally.without += outcome.no_optimum;
    tally.iterations += outcome.result.iterations;
    tally.seconds += outcome.result.seconds;
    tally.largest_gap = std::max(tally.largest_gap, outcome.result.relative_gap.value_or(0.0));
    if (outcome.wrong.empty()) continue;
    ++tally.wrong;
    ++wrong;
    fmt::print("{}: {} ({})\n", seed, outcome.wrong, problem.describe());
    std::fflush(stdout);
  }
  for (const auto& [objective, t] : tallies) {
    fmt::print("{:14} {:4} problems, {} wrong, {} without an optimum, largest gap {:.1e}, {} iterations, {:.2f} s\n",
               objective, t.problems, t.wrong, t.without, t.largest_gap, t.iterations, t.seconds);
  }
  return wrong > 0;
}
