#include "engine/study/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/report/report_data.h"
#include "engine/study/report_columns.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

constexpr std::uint64_t kProgramBytes = 60'000'000;  ///< libraries and the small things

/// Vectors over the scenarios that measuring works on: losses, gains and their tail, the liability.
constexpr std::uint64_t kMeasuringVectors = 8;
/// Vectors over the scenarios that the optimizer works on: losses, sides, the liability twice, its window's rows.
constexpr std::uint64_t kSolverVectors = 10;

/// Doubles of one lane of a block in flight.
std::uint64_t doubles_per_lane(const PreparedStudy& study) {
  const OutputParameters& output = study.config.output;
  std::uint64_t tenors = study.world->tenors().size(), times = study.report_steps.size();
  std::uint64_t reported =
      11 + study.world->spreads() + (output.zero_rates ? tenors : 0) +
      (output.key_rate_durations ? 5 + study.config.measures.key_rates.size() + study.liabilities.size() : 0);
  return 6 * tenors + 8 * study.assets.size() + 64 + reported * times;
}

std::uint64_t bytes_in_flight(const PreparedStudy& study) {
  return (2 + 2 * std::uint64_t(threads())) * kBlockScenarios * doubles_per_lane(study) * sizeof(double);
}

/// Memory of one stage, as it grows with its number of scenarios.
struct Stage {
  const char* key;  ///< of the study, that says how many
  std::uint64_t scenarios = 0;
  std::uint64_t vectors = 0, matrix = 0;  ///< doubles a scenario
  bool pages = false;                     ///< the matrix may be in a file

  std::uint64_t least_each() const { return (vectors + (pages ? 0 : matrix)) * sizeof(double); }
  std::uint64_t least() const { return scenarios * least_each(); }
  std::uint64_t all() const { return scenarios * (vectors + matrix) * sizeof(double); }
  std::uint64_t taken(bool on_disk) const { return on_disk ? least() : all(); }
};

/// Probabilities, and of each view (with the moments that it keeps) functions, targets and working copies.
std::uint64_t view_vectors(const PreparedStudy& study) {
  return study.config.views.empty() ? 0 : 2 + 7 * study.config.views.size();
}

/// A window holds the rows of up to twice the tail, twice (as they are, and as its programme wants them). Further sets
/// are in memory whole.
Stage optimise_stage(const PreparedStudy& study, std::uint64_t further_sets) {
  const OptimizeParameters& asked = *study.config.optimize;
  const std::uint64_t assets = study.assets.size();
  const auto window = std::uint64_t(std::ceil(4.0 * (1.0 - asked.confidence) * double(assets)));
  // Each resample is a set of its own.
  const bool resamples = asked.frontier && asked.frontier->resamples > 0;
  return {"scenarios.optimise_count", std::uint64_t(*study.config.scenarios.optimise_count),
          (1 + further_sets) * (kSolverVectors + window) + further_sets * assets + view_vectors(study),
          resamples ? 2 * assets : assets, !resamples};
}

Stage measure_stage(const PreparedStudy& study) {
  return {"scenarios.count", std::uint64_t(study.config.scenarios.count), kMeasuringVectors + view_vectors(study),
          study.assets.size(), true};
}

/// The page's scenarios: their returns, and of two kinds of loss the losses, a sorted copy and the tail.
Stage page_stage(const PreparedStudy& study) {
  return {"scenarios.count", std::min(std::uint64_t(study.config.scenarios.count), kPageScenarios), 8,
          study.assets.size(), false};
}

/// A policy's paths are kept whole.
Stage policy_stage(const PreparedStudy& study) {
  const int paths = study.config.optimize->policy->scenarios.value_or(*study.config.scenarios.optimise_count);
  return {"optimize.policy.scenarios", std::uint64_t(paths), 8 + study.report_steps.size(),
          std::uint64_t(study.policy_steps) * (study.assets.size() + 2), false};
}

/// What a policy comes to on the evaluation scenarios is kept too, beside its paths.
Stage policy_fresh_stage(const PreparedStudy& study) {
  return {"scenarios.count", std::uint64_t(study.config.scenarios.count), 4 * study.report_steps.size(), 0, false};
}

/// As --memory takes it, rounded up.
std::string amount(std::uint64_t bytes) {
  if (bytes >= 10'000'000'000) return fmt::format("{:.1f}GB", std::ceil(double(bytes) / 1e8) / 10);
  if (bytes >= 1'000'000) return fmt::format("{}MB", (bytes + 999'999) / 1'000'000);
  return fmt::format("{}kB", (bytes + 999) / 1'000);
}

/// What a run without --memory may take: a run that swaps, or that the system kills, helps nobody.
std::uint64_t machine_bytes() { return std::uint64_t(sysconf(_SC_PHYS_PAGES)) * std::uint64_t(sysconf(_SC_PAGESIZE)); }

constexpr std::string_view kHdf5Signature = "\x89HDF\r\n\x1a\n";

/// Numbers in a file of scenarios: an HDF5 file's as if nothing else were in it, a table's by its first lines.
std::uint64_t numbers_in(std::uint64_t bytes, std::string_view beginning, bool hdf5) {
  if (hdf5) return bytes / sizeof(double);
  const std::size_t header = beginning.find('\n');
  if (header == std::string_view::npos) return 0;
  const std::string_view rows = beginning.substr(header + 1);
  const auto cells = std::count(rows.begin(), rows.end(), ',') + std::count(rows.begin(), rows.end(), '\n');
  return rows.empty() ? 0 : std::uint64_t(double(bytes) / double(rows.size()) * double(cells));
}

/// Says what would do: more memory, or fewer scenarios.
[[noreturn]] void refuse(const std::vector<std::vector<Stage>>& stages, std::uint64_t fixed, std::uint64_t least,
                         std::uint64_t limit, const char* whose) {
  const double room = limit > fixed ? double(limit - fixed) : 0.0;
  std::map<std::string, std::uint64_t> fitting;
  for (const std::vector<Stage>& together : stages) {
    double each = 0.0;
    for (const Stage& stage : together) each += double(stage.least());
    if (each <= room) continue;
    for (const Stage& stage : together) {
      const auto count = std::min(stage.scenarios, std::uint64_t(room / std::max(each, 1.0) * double(stage.scenarios)));
      const auto [at, added] = fitting.emplace(stage.key, count);
      if (!added) at->second = std::min(at->second, count);
    }
  }
  std::string smaller;
  bool any = !fitting.empty();
  for (const auto& [key, count] : fitting) {
    smaller += fmt::format("{}{} {}", smaller.empty() ? "" : " with ", key, count);
    any = any && count > 0;
  }
  std::string advice = fmt::format("--memory {} would do", amount(least));
  if (any) advice += fmt::format(", or {} would fit", smaller);
  throw Error(ExitCode::usage, fmt::format("--memory: error: the study needs about {} ({} {}); {}", amount(least),
                                           whose, amount(limit), advice));
}

}  // namespace

MemoryPlan plan_memory(const PreparedStudy& study, const MemoryNeeds& needs, std::optional<std::uint64_t> limit) {
  const char* whose = limit ? "the limit is" : "this machine has";
  if (!limit) limit = machine_bytes();
  const std::uint64_t fixed = kProgramBytes + bytes_in_flight(study);
  // One after the other; what a policy keeps stands beside its paths.
  std::vector<std::vector<Stage>> stages;
  if (needs.measures) stages.push_back({measure_stage(study)});
  if (needs.optimises) stages.push_back({optimise_stage(study, needs.further_sets)});
  if (needs.measures && study.policy_steps > 0) {
    stages.push_back({policy_stage(study), policy_fresh_stage(study)});
  }
  if (needs.measures && study.config.output.report) stages.push_back({page_stage(study)});
  MemoryPlan plan;
  std::uint64_t least = fixed;
  for (const std::vector<Stage>& together : stages) {
    std::uint64_t sum = fixed;
    for (const Stage& stage : together) sum += stage.least();
    least = std::max(least, sum);
  }
  if (least > *limit) refuse(stages, fixed, least, *limit, whose);
  auto beyond = [&](const Stage& stage) { return stage.pages && fixed + stage.all() > *limit; };
  plan.measure_on_disk = needs.measures && beyond(measure_stage(study));
  plan.optimise_on_disk = needs.optimises && beyond(optimise_stage(study, needs.further_sets));
  plan.bytes = fixed;
  for (const std::vector<Stage>& together : stages) {
    std::uint64_t sum = fixed;
    for (const Stage& stage : together) sum += stage.taken(beyond(stage));
    plan.bytes = std::max(plan.bytes, sum);
  }
  if (needs.measures) {
    const std::uint64_t used = fixed + measure_stage(study).taken(plan.measure_on_disk);
    const std::uint64_t each = measure_stage(study).scenarios * kMeasuringVectors * sizeof(double);
    const auto further = std::size_t((*limit - std::min(*limit, used)) / std::max<std::uint64_t>(1, each));
    plan.measured_at_once = 1 + std::min(further, std::size_t(threads()) - 1);
    plan.bytes = std::max(plan.bytes, used + (plan.measured_at_once - 1) * each);
  }
  // The horizon's matrix is gone by the time that report times are read back; its vectors are not.
  const std::uint64_t beside = fixed + (needs.measures ? measure_stage(study).least() : 0);
  plan.column_bytes = std::min(kColumnBytes, (*limit - std::min(*limit, beside)) / 2);
  return plan;
}

void check_own_memory(const InputPath& path, const std::string& folder, std::optional<std::uint64_t> limit) {
  const std::filesystem::path file = std::filesystem::path(folder) / path.text;
  std::error_code unknown;
  const std::uint64_t bytes = std::filesystem::file_size(file, unknown);
  if (unknown) return;  // reading says what is wrong
  std::string beginning(std::min<std::uint64_t>(bytes, 1 << 16), '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(beginning.data(), std::streamsize(beginning.size()));
  const bool hdf5 = beginning.starts_with(kHdf5Signature);
  // The file's text, its numbers as read, and again in the order of the study's assets.
  const std::uint64_t planned = kProgramBytes + bytes + 2 * sizeof(double) * numbers_in(bytes, beginning, hdf5);
  const char* whose = limit ? "the limit is" : "this machine has";
  if (!limit) limit = machine_bytes();
  if (planned <= *limit) return;
  throw Error(ExitCode::usage,
              fmt::format("--memory: error: the scenarios in {} need about {} ({} {}); {}, or take fewer of them",
                          path.text, amount(planned), whose, amount(*limit),
                          hdf5 ? fmt::format("--memory {} would do", amount(planned)) : "HDF5 takes less than CSV"));
}

}  // namespace ballast
