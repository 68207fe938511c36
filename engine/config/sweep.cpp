#include "engine/config/sweep.h"

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {

std::uint64_t sweep_count(const StudyConfig& config) {
  constexpr std::uint64_t most = 1000000;
  std::uint64_t count = 1;
  for (const auto& [key, values] : config.sweep) {
    if (values.empty()) throw key_error("sweep", fmt::format("'{}' has no values; list some, or leave it out", key));
    count *= values.size();
    if (count > most) throw key_error("sweep", fmt::format("stands for more than {} studies; sweep fewer keys", most));
  }
  return count;
}

std::vector<Override> sweep_overrides(const StudyConfig& config, std::uint64_t index) {
  const std::uint64_t count = sweep_count(config);
  if (index < 1 || index > count) {
    throw Error(ExitCode::usage, fmt::format("--sweep-index {}: error: the study stands for {} stud{}, counted from 1",
                                             index, count, count == 1 ? "y" : "ies"));
  }
  std::vector<Override> overrides;
  std::uint64_t rest = count, place = index - 1;
  for (const auto& [key, values] : config.sweep) {
    rest /= values.size();
    const std::string& value = values[place / rest];
    place %= rest;
    overrides.push_back({key, value, fmt::format("sweep {}={}", key, value)});
  }
  overrides.push_back({"sweep", "null", "sweep"});
  return overrides;
}

}  // namespace ballast
