#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/output/results_provenance.h"
#include "engine/study/replay.h"
#include "same_bits.h"
#include "scenarios/base/parallel.h"
#include "scenarios/market/curve.h"
#include "study_fixture.h"
#include "tests/isa_levels.h"

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

TEST_CASE("a resolved study estimates nothing again, and gives the same bits") {
  for (auto [model, curve] :
       {std::pair{"filtered_historical", "cir"}, {"t_copula", "vasicek"}, {"regime_switching", "nelson_siegel"}}) {
    CAPTURE(model);
    TemporaryFolder folder;
    const std::vector<Override> fewer = {parse_override("scenarios.count=300"),
                                         parse_override("scenarios.optimise_count=300"),
                                         parse_override(std::string("scenarios.curve_model=") + curve)};
    run_text(study_of(model), data_folder(), folder.path("one"), fewer);
    const std::string resolved = read_results_for_replay(folder.path("one/results.h5")).resolved_config;
    run_text(resolved, data_folder(), folder.path("resolved"));
    check_same_bits(folder.path("one/results.h5"), folder.path("resolved/results.h5"));
    // The curve's section leaves nothing to be estimated; initial_curve is a rule.
    const std::string head = std::string("\n  ") + curve + ":\n";
    std::istringstream lines(resolved.substr(resolved.find(head) + head.size()));
    int keys = 0;
    for (std::string line; std::getline(lines, line) && line.substr(0, 4) == "    "; ++keys) {
      CAPTURE(line);
      CHECK((line.find(": auto") != line.size() - 6 || line.find("initial_curve") != std::string::npos));
    }
    CHECK(keys > 5);
  }
}

TEST_CASE("the kernels of every instruction set give the same bits") {
  TemporaryFolder folder;
  run_text(study_of("block_bootstrap"), data_folder(), folder.path("best"));
  on_each_isa([&] {
    run_text(study_of("block_bootstrap"), data_folder(), folder.path("other"));
    check_same_bits(folder.path("best/results.h5"), folder.path("other/results.h5"));
  });
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
    CHECK(text.find("32 numbers") != std::string::npos);  // 4 assets, 7 quantities at 4 times
  }
  CHECK(replay_scenario(file, true, 1699).find("4 numbers of the file about this scenario: all the same") !=
        std::string::npos);
  CHECK_THROWS(replay_scenario(file, false, 2500));
  CHECK_THROWS(replay_scenario(file, true, 1700));
}

TEST_CASE("reported and replayed rates between tenors are those of the study's curve method") {
  TemporaryFolder folder;
  const std::vector<double> tenors = {1, 5, 7, 20, 30};
  folder.write("curve.csv", "Maturity,Rate\n1,0.01\n5,0.03\n7,0.02\n20,0.04\n30,0.035\n");
  std::string text = study_of("normal");
  text.replace(text.find("yield_curve.csv"), 15,
               "{file: " + folder.path("curve.csv") + ", interpolation: monotone_convex}");
  run_text(text, data_folder(), folder.path("out"));
  hdf5::File file = hdf5::File::open(folder.path("out/results.h5"));
  const std::vector<double> held = file.open_dataset("tenor").read_doubles(),
                            rates = file.open_dataset("zero_rate").read_rows(17, 1),
                            ten_year = file.open_dataset("ten_year_rate").read_rows(17, 1);
  const std::size_t times = ten_year.size();
  double last = 0.0;
  for (std::size_t time = 0; time < times; ++time) {
    std::vector<double> now;
    for (double tenor : tenors) {
      const auto place = std::find_if(held.begin(), held.end(), [&](double t) { return std::abs(t - tenor) < 1e-9; });
      REQUIRE(place != held.end());
      now.push_back(rates[time * held.size() + std::size_t(place - held.begin())]);
    }
    last = YieldCurve(tenors, now, {Interpolation::monotone_convex, Extrapolation::flat_forward}).zero_rate(10);
    CHECK(ten_year[time] == doctest::Approx(last).epsilon(1e-13));
    // Far from the chord.
    const double chord = now[2] + 3.0 / 13 * (now[3] - now[2]);
    CHECK(std::abs(last - chord) > 1e-4);
  }
  const std::string replayed = replay_scenario(folder.path("out/results.h5"), false, 17);
  CHECK(replayed.find("all the same, bit for bit") != std::string::npos);
  const std::size_t line = replayed.find("\n   36   3.0000");
  REQUIRE(line != std::string::npos);
  CHECK(replayed.substr(line + 1, 44).find(fmt::format("{:9.6f}", last)) != std::string::npos);
}
