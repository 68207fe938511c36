#include <cstring>

#include <doctest/doctest.h>

#include "engine/output/results_provenance.h"
#include "engine/study/replay.h"
#include "same_bits.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/parallel.h"
#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

// 2,500 scenarios: two whole blocks and a part of one; 1,700 to optimise on.
const char* kStudy = R"(
study: {name: bits, seed: 7, valuation_date: 2025-12-31}
scenarios: {count: 2500, optimise_count: 1700, horizon_years: 3, steps_per_year: 12, model: MODEL}
market: {returns: market_returns_monthly.csv, curve: yield_curve.csv, curve_history: yield_curve_monthly.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: em, series: equity_em, expected_return: 0.08}
  - {name: bonds, constant_maturity_years: 10}
  - {name: cash, cash: true}
liabilities: [{name: pensions, cashflows: liability_cashflows.csv}]
balance: {funding_ratio: 1.1, current: {equity: 0.3, em: 0.1, bonds: 0.5, cash: 0.1}}
optimize: {loss: surplus, constraints: {max_weight: 0.6, min_return: 0.05}}
output: {zero_rates: true, key_rate_durations: true}
)";

std::string study_of(const std::string& model) {
  std::string text = kStudy;
  return text.replace(text.find("MODEL"), 5, model);
}

}  // namespace

TEST_CASE("results.h5 has the same bits for 1, 2 and 5 threads, between two runs, and from its own resolved study") {
  for (const char* model : {"block_bootstrap", "normal"}) {
    CAPTURE(model);
    TemporaryFolder folder;
    set_threads(1);
    run_text(study_of(model), data_folder(), folder.path("one"));
    for (int threads : {2, 5, 1}) {
      set_threads(threads);
      run_text(study_of(model), data_folder(), folder.path("again"));
      check_same_bits(folder.path("one/results.h5"), folder.path("again/results.h5"));
    }
    set_threads(0);
    StoredStudy stored = read_results_for_replay(folder.path("one/results.h5"));
    run_text(stored.resolved_config, data_folder(), folder.path("resolved"));
    check_same_bits(folder.path("one/results.h5"), folder.path("resolved/results.h5"));
  }
}

TEST_CASE("v3 and v4 kernels give the same bits") {
  if (active_isa() != Isa::v4) {
    MESSAGE("left out: this processor has no AVX-512");
    return;
  }
  TemporaryFolder folder;
  run_text(study_of("block_bootstrap"), data_folder(), folder.path("v4"));
  set_isa(Isa::v3);
  run_text(study_of("block_bootstrap"), data_folder(), folder.path("v3"));
  set_isa(Isa::v4);
  check_same_bits(folder.path("v3/results.h5"), folder.path("v4/results.h5"));
}

TEST_CASE("more scenarios leave the first ones as they were, and another seed does not") {
  TemporaryFolder folder;
  std::string text = study_of("block_bootstrap");
  run_text(text, data_folder(), folder.path("few"));
  run_text(text, data_folder(), folder.path("more"), {parse_override("scenarios.count=3000")});
  auto few = datasets(hdf5::File::open(folder.path("few/results.h5")));
  auto more = datasets(hdf5::File::open(folder.path("more/results.h5")));
  CHECK(std::memcmp(few["asset_return"].data(), more["asset_return"].data(), few["asset_return"].size() * 8) == 0);
  CHECK(std::memcmp(few["surplus"].data(), more["surplus"].data(), few["surplus"].size() * 8) == 0);
  run_text(text, data_folder(), folder.path("seed"), {parse_override("study.seed=8")});
  auto other = datasets(hdf5::File::open(folder.path("seed/results.h5")));
  int equal = 0;
  for (std::size_t k = 0; k < few["asset_return"].size(); ++k)
    equal += few["asset_return"][k] == other["asset_return"][k];
  CHECK(equal < 10);
  // The two sets of one run share no scenario either.
  equal = 0;
  for (std::size_t k = 0; k < few["optimise/asset_return"].size(); ++k) {
    equal += few["asset_return"][k] == few["optimise/asset_return"][k];
  }
  CHECK(equal < 10);
}

TEST_CASE("replay computes any scenario of either set again, bit for bit, from the file alone") {
  TemporaryFolder folder;
  run_text(study_of("block_bootstrap"), data_folder(), folder.path("out"));
  std::string file = folder.path("out/results.h5");
  for (std::uint64_t scenario : {0ul, 17ul, 1023ul, 1024ul, 2499ul}) {
    std::string text = replay_scenario(file, false, scenario);
    CHECK(text.find("all the same, bit for bit") != std::string::npos);
    CHECK(text.find("24 numbers") != std::string::npos);  // 4 assets, 5 quantities at 4 times
  }
  CHECK(replay_scenario(file, true, 1699).find("4 numbers of the file about this scenario: all the same") !=
        std::string::npos);
  CHECK_THROWS(replay_scenario(file, false, 2500));
  CHECK_THROWS(replay_scenario(file, true, 1700));
}
