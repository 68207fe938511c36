#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "engine/study/merge_shards.h"
#include "engine/study/replay.h"
#include "same_bits.h"
#include "scenarios/base/error.h"
#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

// 5,500 scenarios: five whole blocks and a part of one.
const char* kStudy = R"(
study: {name: bits, seed: 7, valuation_date: 2025-12-31}
scenarios: {count: 5500, optimise_count: 1100, horizon_years: 2, steps_per_year: 12, model: block_bootstrap}
market: {returns: market_returns_monthly.csv, curve: yield_curve.csv, curve_history: yield_curve_monthly.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: bonds, constant_maturity_years: 10}
  - {name: cash, cash: true}
liabilities: [{name: pensions, cashflows: liability_cashflows.csv}]
balance: {funding_ratio: 1.1, current: {equity: 0.4, bonds: 0.5, cash: 0.1}}
optimize: {loss: surplus, constraints: {max_weight: 0.6}, policy: {scenarios: 300, starts: 1, max_evaluations: 40}}
stress: [irrbb_2024/EUR]
output: {zero_rates: true, key_rate_durations: true}
)";

struct Part {
  std::string directory;
  std::optional<ShardRequest> shard;
  std::vector<double> weights = {0.25, 0.5, 0.25};
  std::vector<Override> overrides = {};
};

void run_part(const Part& part) {
  StudyConfig config = read_study("study.yaml", kStudy, part.overrides);
  InputFiles files(data_folder());
  RunRequest request;
  request.output_directory = part.directory;
  request.original_study = kStudy;
  request.weights = part.weights;
  request.weights_sha256 = "of the file of weights";
  request.shard = part.shard;
  run_study(config, files, request);
}

std::string shard_path(const TemporaryFolder& folder, int number, int of) {
  return folder.path("shard_" + std::to_string(number) + "_of_" + std::to_string(of) + ".h5");
}

std::vector<std::string> run_shards(const TemporaryFolder& folder, int of) {
  std::vector<std::string> paths;
  for (int number = 1; number <= of; ++number) {
    run_part({folder.path(), ShardRequest{std::uint64_t(number), std::uint64_t(of)}});
    paths.push_back(shard_path(folder, number, of));
  }
  return paths;
}

Results merge(std::vector<std::string> shards, const std::string& output, bool virtual_datasets = false) {
  MergeRequest request;
  request.shards = std::move(shards);
  request.output = output;
  request.virtual_datasets = virtual_datasets;
  return merge_shards(request);
}

std::string refusal(const std::vector<std::string>& shards, const std::string& output) {
  try {
    merge(shards, output);
  } catch (const Error& error) {
    CHECK_FALSE(std::filesystem::exists(output));
    return error.what();
  }
  return "accepted";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("merged shards are the run that was never divided, bit for bit, for any division and order") {
  TemporaryFolder folder;
  run_part({folder.path("whole"), std::nullopt});
  hdf5::File whole = hdf5::File::open(folder.path("whole/results.h5"));
  for (int of : {1, 4, 6}) {
    std::vector<std::string> shards = run_shards(folder, of);
    std::reverse(shards.begin(), shards.end());
    for (bool virtual_datasets : {false, true}) {
      CAPTURE(of);
      CAPTURE(virtual_datasets);
      merge(shards, folder.path("merged/results.h5"), virtual_datasets);
      check_same_bits(folder.path("whole/results.h5"), folder.path("merged/results.h5"));
      hdf5::File merged = hdf5::File::open(folder.path("merged/results.h5"));
      CHECK(merged.attribute_names() == whole.attribute_names());
      for (const char* name : {"summary", "resolved_config", "weights_sha256"}) {
        CHECK(merged.text_attribute(name) == whole.text_attribute(name));
      }
      CHECK(std::filesystem::exists(folder.path("merged/summary.json")));
      std::string replayed = replay_scenario(folder.path("merged/results.h5"), false, 4711);
      CHECK(says(replayed, "all the same, bit for bit"));
    }
  }
}

TEST_CASE("what does not belong together is not merged, and nothing is written") {
  TemporaryFolder folder;
  std::vector<std::string> shards = run_shards(folder, 3);
  const std::string out = folder.path("merged.h5");
  CHECK(says(refusal({shards[0], shards[2]}, out), "shard 2 of 3 is missing"));
  CHECK(says(refusal({shards[1]}, out), "shards 1, 3 of 3 are missing"));
  std::filesystem::copy(shards[1], folder.path("again.h5"));
  CHECK(says(refusal({shards[0], shards[1], folder.path("again.h5"), shards[2]}, out), "is shard 2, and so is"));
  CHECK(says(refusal({shards[0], shards[1], folder.path("absent.h5")}, out), "absent.h5"));

  auto with_third = [&](const Part& part) {
    run_part(part);
    return refusal({shards[0], shards[1], shard_path(folder, int(part.shard->number), int(part.shard->of))}, out);
  };
  const ShardRequest third{3, 3};
  CHECK(says(with_third({folder.path(), third, {0.25, 0.5, 0.25}, {parse_override("study.seed=8")}}), "another study"));
  CHECK(says(with_third({folder.path(), third, {0.25, 0.25, 0.5}}), "has other weights"));
  CHECK(says(with_third({folder.path(), ShardRequest{4, 5}}), "another division"));
  run_part({folder.path(), third});
  std::filesystem::resize_file(shards[2], std::filesystem::file_size(shards[2]) / 2);
  CHECK(says(refusal(shards, out), "shard_3_of_3.h5"));
  run_part({folder.path("whole"), std::nullopt});
  CHECK(says(refusal({folder.path("whole/results.h5")}, out), "no shard"));
}

TEST_CASE("a shard is whole blocks, and weights come first") {
  TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(run_part({folder.path(), ShardRequest{1, 7}}), doctest::Contains("6 shards or fewer"), Error);
  StudyConfig config = read_study("study.yaml", kStudy);
  InputFiles files(data_folder());
  RunRequest request;
  request.output_directory = folder.path();
  request.shard = ShardRequest{1, 2};
  CHECK_THROWS_WITH_AS(run_study(config, files, request), doctest::Contains("--weights"), Error);
}
