#include "engine/config/sweep.h"

#include <doctest/doctest.h>

#include "engine/config/read_study.h"
#include "scenarios/base/error.h"

using namespace ballast;

namespace {

const char* kStudy = R"(
study: {name: swept, seed: 7}
scenarios: {count: 1000, horizon_years: 10, model: block_bootstrap}
market: {returns: returns.csv}
assets: [{name: equity, series: equity_world}]
balance: {assets: 1, current: {equity: 1}}
sweep: {scenarios.horizon_years: [5, 10, 20], balance.assets: [1, 2]}
)";

}  // namespace

TEST_CASE("a sweep stands for every combination of its values, once") {
  StudyConfig swept = read_study("study.yaml", kStudy);
  REQUIRE(sweep_count(swept) == 6);
  std::string seen;
  for (std::uint64_t k = 1; k <= 6; ++k) {
    StudyConfig one = read_study("study.yaml", kStudy, sweep_overrides(swept, k));
    CHECK(one.sweep.empty());
    CHECK(sweep_count(one) == 1);
    seen += std::to_string(int(*one.balance.assets)) + "x" + std::to_string(int(one.scenarios.horizon_years)) + " ";
  }
  CHECK(seen == "1x5 1x10 1x20 2x5 2x10 2x20 ");
  CHECK_THROWS_WITH_AS(sweep_overrides(swept, 7), doctest::Contains("stands for 6 studies, counted from 1"), Error);
  CHECK_THROWS_AS(sweep_overrides(swept, 0), Error);
}

TEST_CASE("a swept key that is none, or has no values, is refused by name") {
  StudyConfig swept = read_study("study.yaml", kStudy, {parse_override("sweep={scenarios.cuont: [1]}")});
  CHECK_THROWS_WITH_AS(read_study("study.yaml", kStudy, sweep_overrides(swept, 1)),
                       doctest::Contains("did you mean 'count'?"), InputError);
  swept = read_study("study.yaml", kStudy, {parse_override("sweep={scenarios.count: []}")});
  CHECK_THROWS_WITH_AS(sweep_count(swept), doctest::Contains("'scenarios.count' has no values"), InputError);
}
