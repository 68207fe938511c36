#include "engine/study/checkpoint.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/output/partial_file.h"
#include "engine/output/version.h"
#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/input_files.h"

namespace ballast {
namespace {

namespace fs = std::filesystem;

constexpr int kCheckpointVersion = 1;

std::string checkpoint_path(const std::string& results_path) { return results_path + ".checkpoint"; }

[[noreturn]] void refuse(const std::string& path, const std::string& message) {
  Problem problem;
  problem.file = path;
  problem.message = message;
  throw InputError(std::move(problem));
}

/// Whatever is in the checkpoint file; empty when it is not there or makes no sense.
std::optional<CheckpointRecord> parse(const std::string& path) try {
  std::ifstream stream(path);
  if (!stream) return std::nullopt;
  nlohmann::json json = nlohmann::json::parse(stream, nullptr, false);
  if (json.is_discarded() || !json.is_object() || json.value("version", 0) != kCheckpointVersion) return std::nullopt;
  CheckpointRecord record;
  record.partial = (fs::path(path).parent_path() / json.at("partial").get<std::string>()).string();
  record.scenarios = json.at("scenarios").get<std::uint64_t>();
  record.all_scenarios = json.at("all_scenarios").get<std::uint64_t>();
  record.fingerprint = json.at("fingerprint").get<std::string>();
  if (record.scenarios > record.all_scenarios) return std::nullopt;
  return record;
} catch (const nlohmann::json::exception&) {  // another kind of value than expected, or none
  return std::nullopt;
}

}  // namespace

std::string fingerprint(const Results& results, const ShardIdentity& part,
                        const std::optional<std::vector<double>>& weights) {
  std::ostringstream all;
  all << ballast_version() << '\n' << git_sha() << '\n' << results.resolved_config << '\n' << results.weights_sha256;
  for (const InputRecord& input : results.inputs) all << '\n' << input.name << ' ' << input.sha256;
  all << '\n';
  for (double w : weights.value_or(std::vector<double>{})) all << fmt::format("{:a} ", w);
  all << '\n' << part.number << ' ' << part.of << ' ' << part.first_scenario << ' ' << part.scenarios;
  return sha256_hex(all.str());
}

std::optional<CheckpointRecord> read_checkpoint(const std::string& results_path, const std::string& expected) {
  const std::string path = checkpoint_path(results_path);
  if (!fs::exists(path)) return std::nullopt;
  std::optional<CheckpointRecord> record = parse(path);
  if (!record) refuse(path, "is no checkpoint of this ballast; remove it, or run without --resume");
  if (record->fingerprint != expected) {
    refuse(
        path,
        "is of another run (another study, options, inputs, weights or program); run without --resume to start anew");
  }
  if (!fs::exists(record->partial)) {
    refuse(path, fmt::format("refers to '{}', which is gone; run without --resume to start anew", record->partial));
  }
  return record;
}

std::string kept_partial(const std::string& results_path) {
  const std::optional<CheckpointRecord> record = parse(checkpoint_path(results_path));
  return record ? record->partial : "";
}

Checkpointer::Checkpointer(ResultsFile& file, std::string results_path, std::string of, double every_minutes,
                           bool resumed)
    : file_(file),
      path_(checkpoint_path(results_path)),
      results_path_(std::move(results_path)),
      fingerprint_(std::move(of)),
      every_(every_minutes * 60.0),
      exists_(resumed) {}

void Checkpointer::tick() {
  if (every_.count() == 0) return;
  const bool due = std::chrono::steady_clock::now() - last_ >= every_;
  if (of_root(file_.ranks(), due)) save();
}

void Checkpointer::save() {
  const std::string partial = file_.keep_partial();
  run_on_root(file_.ranks(), [&] {
    std::optional<CheckpointRecord> earlier = parse(path_);
    nlohmann::ordered_json json;
    json["version"] = kCheckpointVersion;
    json["partial"] = fs::path(partial).filename().string();
    json["scenarios"] = file_.appended();
    json["all_scenarios"] = file_.scenarios();
    json["fingerprint"] = fingerprint_;
    write_file_atomically(path_, json.dump(1) + "\n");
    if (earlier && fs::path(earlier->partial).filename() != fs::path(partial).filename()) {
      PartialFile::remove_unused(earlier->partial);
    }
  });
  exists_ = true;
  last_ = std::chrono::steady_clock::now();
}

void Checkpointer::stop(const Stopped& stopped) {
  if (stopped.signal() != SIGINT && file_.appended() > 0) save();
  if (!exists_) throw stopped;
  std::optional<CheckpointRecord> record = parse(path_);
  throw Stopped(stopped.signal(),
                fmt::format("stopped by a signal; {} of {} scenarios are kept, and the same command with --resume goes "
                            "on from there",
                            record ? record->scenarios : 0, file_.scenarios()),
                true);
}

void Checkpointer::protect() {
  if (exists_) file_.continue_in_a_copy();
}

void Checkpointer::remove() {
  std::optional<CheckpointRecord> record = parse(path_);
  std::error_code ignored;
  fs::remove(path_, ignored);
  PartialFile::remove_left_over(path_);
  if (record) PartialFile::remove_unused(record->partial);
  exists_ = false;
}

}  // namespace ballast
