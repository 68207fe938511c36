#include "engine/output/shard.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lanes.h"

namespace ballast {

ShardIdentity shard_of(std::uint64_t all_scenarios, std::uint64_t number, std::uint64_t of) {
  std::uint64_t blocks = (all_scenarios + kBlockScenarios - 1) / kBlockScenarios;
  if (of > blocks) {
    throw Error(
        ExitCode::usage,
        fmt::format("--shard {}/{}: error: {} scenarios are only {} blocks of {} (a shard is whole blocks); use "
                    "{} shards or fewer",
                    number, of, all_scenarios, blocks, kBlockScenarios, blocks));
  }
  auto begin = [&](std::uint64_t k) {
    return std::min<std::uint64_t>(all_scenarios, std::uint64_t((unsigned __int128)(blocks)*k / of) * kBlockScenarios);
  };
  ShardIdentity shard;
  shard.number = number;
  shard.of = of;
  shard.first_scenario = begin(number - 1);
  shard.scenarios = begin(number) - shard.first_scenario;
  shard.all_scenarios = all_scenarios;
  return shard;
}

void write_shard(hdf5::File& file, const ShardIdentity& shard) {
  file.set_attribute("shard", shard.number);
  file.set_attribute("shards", shard.of);
  file.set_attribute("first_scenario", shard.first_scenario);
  file.set_attribute("all_scenarios", shard.all_scenarios);
}

std::optional<ShardIdentity> read_shard(const hdf5::File& file) {
  if (!file.has_attribute("shard")) return std::nullopt;
  ShardIdentity shard;
  shard.number = file.uint64_attribute("shard");
  shard.of = file.uint64_attribute("shards");
  shard.first_scenario = file.uint64_attribute("first_scenario");
  shard.all_scenarios = file.uint64_attribute("all_scenarios");
  shard.scenarios = file.open_dataset("scenario").shape().at(0);
  return shard;
}

void refuse_shard(const hdf5::File& file) {
  const std::optional<ShardIdentity> shard = read_shard(file);
  if (!shard) return;
  Problem problem;
  problem.file = file.path();
  problem.message = fmt::format(
      "is shard {} of {} (what is measured is of all scenarios); join the shards with 'ballast merge', and take its "
      "results.h5",
      shard->number, shard->of);
  throw InputError(std::move(problem));
}

}  // namespace ballast
