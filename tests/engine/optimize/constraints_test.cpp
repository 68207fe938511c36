#include "engine/optimize/constraints.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/optimize/infeasible.h"
#include "engine/optimize/min_cvar.h"
#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;

namespace {

const std::vector<std::string> kAssets{"equity", "bonds", "gold", "cash"};
const std::vector<double> kMean{0.08, 0.04, 0.05, 0.02};

bool mentions(const std::vector<std::string>& conflict, const std::string& text) {
  return std::any_of(conflict.begin(), conflict.end(),
                     [&](const auto& c) { return c.find(text) != std::string::npos; });
}

/// Each of the conflicting constraints is needed: names of rows and bounds left out one at a time make the set
/// feasible.
void check_minimal(const ConstraintParameters& constraints, std::size_t size) {
  const FeasibleSet set = feasible_set(constraints, kAssets, kMean);
  const std::vector<std::string> conflict = conflicting_constraints(set);
  REQUIRE(conflict.size() == size);
  for (const std::string& text : conflict) {
    CAPTURE(text);
    FeasibleSet relaxed = set;
    auto named = [&](const std::string& name) { return !name.empty() && text.rfind(name, 0) == 0; };
    for (LinearConstraint& row : relaxed.rows) {
      if (named(row.name)) row.lower = -kNoLimit, row.upper = kNoLimit;
    }
    for (std::size_t j = 0; j < set.variables(); ++j) {
      if (named(set.lower_name[j])) relaxed.lower[j] = -kNoLimit;
      if (named(set.upper_name[j])) relaxed.upper[j] = kNoLimit;
    }
    CHECK(conflicting_constraints(relaxed).empty());
  }
}

}  // namespace

TEST_CASE("constraints that can be met conflict with nothing") {
  ConstraintParameters constraints;
  CHECK(conflicting_constraints(feasible_set(constraints, kAssets, kMean)).empty());
  constraints.max_weight = WeightBound{0.25, {}};
  constraints.groups = {{{"equity", "gold"}, 0.5, 0.5}};
  CHECK(conflicting_constraints(feasible_set(constraints, kAssets, kMean)).empty());
}

TEST_CASE("conflicting constraints are named, all of them and no others") {
  ConstraintParameters constraints;
  constraints.groups = {{{"gold", "cash"}, std::nullopt, 0.9}};  // harmless
  SUBCASE("a return nobody earns") {
    constraints.min_return = 0.5;
    const auto conflict = conflicting_constraints(feasible_set(constraints, kAssets, kMean));
    CHECK(mentions(conflict, "optimize.constraints.min_return: at least 0.5"));
    CHECK(mentions(conflict, "fully invested"));
    CHECK(mentions(conflict, "optimize.constraints.long_only"));
    check_minimal(constraints, 3);
  }
  SUBCASE("weights too small to add to one") {
    constraints.max_weight = WeightBound{0.2, {}};
    const auto conflict = conflicting_constraints(feasible_set(constraints, kAssets, kMean));
    CHECK(mentions(conflict, "optimize.constraints.max_weight: at most 0.2"));
    CHECK(mentions(conflict, "fully invested"));
    check_minimal(constraints, 2);
  }
  SUBCASE("two groups that together ask for too much") {
    constraints.groups.push_back({{"equity"}, 0.7, std::nullopt});
    constraints.groups.push_back({{"bonds", "cash"}, 0.4, std::nullopt});
    const auto conflict = conflicting_constraints(feasible_set(constraints, kAssets, kMean));
    CHECK(mentions(conflict, "groups[1].min: at least 0.7"));
    CHECK(mentions(conflict, "groups[2].min: at least 0.4"));
    CHECK_FALSE(mentions(conflict, "groups[0]"));
    check_minimal(constraints, 4);
  }
  SUBCASE("a return out of the turnover's reach") {
    constraints.turnover = TurnoverParameters{{{"cash", 1.0}}, 0.1};
    constraints.min_return = 0.06;
    const auto conflict = conflicting_constraints(feasible_set(constraints, kAssets, kMean));
    CHECK(mentions(conflict, "turnover.max: at most 0.1"));
    CHECK(mentions(conflict, "min_return"));
  }
  SUBCASE("a minimum above the maximum") {
    constraints.min_weight = WeightBound{0.3, {}};
    constraints.max_weight = WeightBound{0.2, {}};
    const auto conflict = conflicting_constraints(feasible_set(constraints, kAssets, kMean));
    CHECK(mentions(conflict, "min_weight"));
    CHECK(mentions(conflict, "max_weight"));
    CHECK(conflict.size() == 2);
  }
}

TEST_CASE("limits on the duration gap are told as the gap's, whatever the liabilities' duration") {
  const BalanceDurations durations{{0, 8, 0, 0}, 12, {5}, {{0, 3, 0, 0}}, {4}};
  ConstraintParameters constraints;
  ConstraintInputs inputs;
  inputs.mean_return = kMean;
  inputs.durations = &durations;
  constraints.duration_gap = DurationGapParameters{};
  constraints.duration_gap->min = -3;
  CHECK(mentions(conflicting_constraints(feasible_set(constraints, kAssets, inputs)), "duration_gap.min: at least -3"));
  constraints.duration_gap.reset();
  constraints.key_rate_duration_gap = 0.5;
  CHECK(mentions(conflicting_constraints(feasible_set(constraints, kAssets, inputs)),
                 "key_rate_duration_gap at 5 years: at least -0.5"));
}

TEST_CASE("the solver throws the conflict") {
  ConstraintParameters constraints;
  constraints.min_return = 0.5;
  const std::vector<double> growth = test::factor_returns(1, 100, 4);
  ScenarioSet set;
  set.scenarios = 100;
  set.assets = 4;
  set.growth = growth.data();
  CHECK_THROWS_WITH_AS(minimise_cvar(set, feasible_set(constraints, kAssets, kMean)),
                       doctest::Contains("optimize.constraints.min_return: at least 0.5"), NoSolutionError);
}

TEST_CASE("unknown assets and what is not solved yet are errors with their key") {
  auto key_of = [](const ConstraintParameters& constraints) {
    try {
      feasible_set(constraints, kAssets, kMean);
    } catch (const InputError& error) {
      return error.problems().at(0).key_path;
    }
    return std::string("no error");
  };
  ConstraintParameters constraints;
  constraints.groups = {{{"equity"}, 0.1, 0.2}, {{"equity", "bond"}, 0.1, 0.2}};
  CHECK(key_of(constraints) == "optimize.constraints.groups[1].assets[1]");
  constraints.groups[1].assets[1] = "equity";
  CHECK(key_of(constraints) == "optimize.constraints.groups[1].assets[1]");
  constraints.groups.clear();
  constraints.turnover = TurnoverParameters{{{"silver", 1.0}}, 0.1};
  CHECK(key_of(constraints) == "optimize.constraints.turnover.from.silver");
  constraints.turnover.reset();
}
