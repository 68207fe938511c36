#include "engine/study/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/study/report_columns.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

constexpr std::uint64_t kProgramBytes = 60'000'000;  ///< libraries and the small things

/// Vectors over the scenarios that measuring works on: losses, gains, their tail, and columns of report times.
constexpr std::uint64_t kMeasuringVectors = 8;

/// Doubles kept for each evaluation scenario: the returns and liabilities of the risk horizon, and working vectors.
std::uint64_t doubles_per_scenario(const PreparedStudy& study) { return study.assets.size() + 1 + kMeasuringVectors; }

/// Doubles of one lane of a block in flight.
std::uint64_t doubles_per_lane(const PreparedStudy& study) {
  const OutputParameters& output = study.config.output;
  std::uint64_t tenors = study.world->tenors().size(), times = study.report_steps.size();
  std::uint64_t reported =
      10 + (output.zero_rates ? tenors : 0) +
      (output.key_rate_durations ? 1 + study.config.measures.key_rates.size() + study.liabilities.size() : 0);
  return 6 * tenors + 8 * study.assets.size() + 64 + reported * times;
}

std::uint64_t bytes_in_flight(const PreparedStudy& study) {
  return (2 + 2 * std::uint64_t(threads())) * kBlockScenarios * doubles_per_lane(study) * sizeof(double);
}

/// The optimizer keeps the returns twice (a copy by blocks) and works on the tail.
std::uint64_t optimise_bytes(const PreparedStudy& study) {
  return std::uint64_t(*study.config.scenarios.optimise_count) * (3 * study.assets.size() + 6) * sizeof(double);
}

/// A policy's paths are kept whole, and what it comes to on the evaluation scenarios.
std::uint64_t policy_bytes(const PreparedStudy& study) {
  if (study.policy_steps == 0) return 0;
  int paths = study.config.optimize->policy->scenarios.value_or(*study.config.scenarios.optimise_count);
  std::uint64_t doubles = std::uint64_t(study.policy_steps) * (study.assets.size() + 2) + study.report_steps.size();
  std::uint64_t fresh = std::uint64_t(study.config.scenarios.count) * study.report_steps.size() * 4;
  return (std::uint64_t(paths) * (doubles + 8) + fresh) * sizeof(double);
}

std::uint64_t evaluate_bytes(const PreparedStudy& study) {
  return std::uint64_t(study.config.scenarios.count) * doubles_per_scenario(study) * sizeof(double);
}

/// As --memory takes it, rounded up.
std::string amount(std::uint64_t bytes) {
  if (bytes >= 10'000'000'000) return fmt::format("{:.1f}GB", std::ceil(double(bytes) / 1e8) / 10);
  return fmt::format("{}MB", (bytes + 999'999) / 1'000'000);
}

/// What a run without --memory may take: a run that swaps, or that the system kills, helps nobody.
std::uint64_t machine_bytes() { return std::uint64_t(sysconf(_SC_PHYS_PAGES)) * std::uint64_t(sysconf(_SC_PAGESIZE)); }

}  // namespace

std::uint64_t planned_bytes(const PreparedStudy& study, bool optimises) {
  return kProgramBytes + bytes_in_flight(study) +
         std::max({evaluate_bytes(study), optimises ? optimise_bytes(study) : 0, optimises ? policy_bytes(study) : 0});
}

std::uint64_t column_bytes(const PreparedStudy& study, std::optional<std::uint64_t> limit) {
  std::uint64_t fixed = kProgramBytes + evaluate_bytes(study);
  if (!limit || *limit < fixed) return limit ? 0 : kColumnBytes;
  return std::min(kColumnBytes, (*limit - fixed) / 2);
}

void check_memory(const PreparedStudy& study, bool optimises, std::optional<std::uint64_t> limit) {
  std::uint64_t planned = planned_bytes(study, optimises);
  const char* whose = limit ? "the limit is" : "this machine has";
  if (!limit) limit = machine_bytes();
  if (planned <= *limit) return;
  std::uint64_t fixed = kProgramBytes + bytes_in_flight(study);
  double room = *limit > fixed ? double(*limit - fixed) : 0.0;
  auto fits = [&](std::uint64_t bytes, int count) {
    return std::min(std::uint64_t(count), std::uint64_t(room / double(bytes) * double(count)));
  };
  std::uint64_t count = fits(evaluate_bytes(study), study.config.scenarios.count);
  std::string smaller = fmt::format("scenarios.count {}", count);
  if (optimises) {
    std::uint64_t optimise_count = fits(optimise_bytes(study), *study.config.scenarios.optimise_count);
    smaller += fmt::format(" with scenarios.optimise_count {}", optimise_count);
    count = std::min(count, optimise_count);
    if (study.policy_steps > 0) {
      const int paths = study.config.optimize->policy->scenarios.value_or(*study.config.scenarios.optimise_count);
      smaller += fmt::format(" and optimize.policy.scenarios {}", fits(policy_bytes(study), paths));
    }
  }
  std::string advice = fmt::format("--memory {} would do", amount(planned));
  if (count > 0) advice += fmt::format(", or {} would fit", smaller);
  throw Error(ExitCode::usage, fmt::format("--memory: error: the study needs about {} ({} {}); {}", amount(planned),
                                           whose, amount(*limit), advice));
}

}  // namespace ballast
