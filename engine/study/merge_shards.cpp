#include "engine/study/merge_shards.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/config/read_study.h"
#include "engine/output/partial_file.h"
#include "engine/output/results_file.h"
#include "engine/output/results_provenance.h"
#include "engine/output/shard.h"
#include "engine/study/measure_fresh.h"
#include "engine/study/memory_plan.h"
#include "engine/study/result_files.h"
#include "engine/study/stored_inputs.h"
#include "engine/study/study_policy.h"
#include "engine/study/study_results.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/ranks.h"
#include "scenarios/base/stop.h"

namespace ballast {
namespace {

namespace fs = std::filesystem;

struct Shard {
  std::string path;
  ShardIdentity identity;
};

Problem problem_of(const std::string& path, std::string message) {
  Problem problem;
  problem.file = path;
  problem.message = std::move(message);
  return problem;
}

std::vector<double> weights_in(const hdf5::File& file, const char* name) {
  return file.contains(name) ? file.open_dataset(name).read_doubles() : std::vector<double>{};
}

/// SHA-256 by name of all inputs.
std::map<std::string, std::string> input_hashes(const StoredStudy& study) {
  std::map<std::string, std::string> hashes = study.not_embedded;
  for (const auto& [name, content] : study.inputs) hashes[name] = sha256_hex(content);
  return hashes;
}

/// The shards of one run, checked against the first one.
class ShardSet {
 public:
  explicit ShardSet(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) add(path);
    check_cover();
    if (!problems_.empty()) throw InputError(problems_);
  }

  const std::vector<Shard>& in_order() const { return shards_; }
  const StoredStudy& study() const { return study_; }
  std::vector<NamedPortfolio> portfolios() const {
    std::vector<NamedPortfolio> all;
    if (!weights_.empty()) all.push_back({"optimal", weights_});
    if (!current_.empty()) all.push_back({"current", current_});
    return all;
  }

 private:
  void add(const std::string& path) try {
    StoredStudy stored = read_results_for_replay(path);
    hdf5::File file = hdf5::File::open(path);
    std::optional<ShardIdentity> identity = read_shard(file);
    if (!identity) {
      problems_.push_back(problem_of(path, "is a whole results file, no shard (it has no attribute 'shard')"));
      return;
    }
    std::vector<double> weights = weights_in(file, "weights"), current = weights_in(file, "weights_current");
    if (shards_.empty()) {
      study_ = std::move(stored);
      weights_ = weights;
      current_ = current;
      hashes_ = input_hashes(study_);
    } else {
      compare(path, stored, *identity, weights == weights_ && current == current_);
    }
    shards_.push_back({path, *identity});
  } catch (const InputError& error) {
    if (error.code() == ExitCode::missing_input) throw;
    problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
  }

  void compare(const std::string& path, const StoredStudy& stored, const ShardIdentity& identity, bool same_weights) {
    const Shard& first = shards_[0];
    auto differs = [&](bool yes, const std::string& what) {
      if (yes) problems_.push_back(problem_of(path, fmt::format("{} than '{}'", what, first.path)));
    };
    differs(stored.resolved_config != study_.resolved_config, "belongs to another study, or other options,");
    differs(stored.ballast_version != study_.ballast_version || stored.git_sha != study_.git_sha,
            fmt::format("was written by another ballast ({}, {})", stored.ballast_version, stored.git_sha));
    std::map<std::string, std::string> hashes = input_hashes(stored);
    for (const auto& [name, sha256] : hashes_) {
      differs(!hashes.count(name) || hashes[name] != sha256, fmt::format("read another content of input '{}'", name));
    }
    differs(!same_weights || stored.weights_sha256 != study_.weights_sha256, "has other weights");
    differs(identity.of != first.identity.of || identity.all_scenarios != first.identity.all_scenarios,
            fmt::format("is shard {} of {}, of another division", identity.number, identity.of));
  }

  /// Every scenario once.
  void check_cover() {
    if (!problems_.empty() || shards_.empty()) return;
    std::sort(shards_.begin(), shards_.end(),
              [](const Shard& a, const Shard& b) { return a.identity.first_scenario < b.identity.first_scenario; });
    const std::uint64_t of = shards_[0].identity.of, all = shards_[0].identity.all_scenarios;
    std::map<std::uint64_t, int> seen;
    for (std::size_t k = 0; k < shards_.size(); ++k) {
      const ShardIdentity& identity = shards_[k].identity;
      if (identity.number < 1 || identity.number > of) {
        problems_.push_back(problem_of(shards_[k].path, fmt::format("says it is shard {} of {}", identity.number, of)));
      } else if (++seen[identity.number] == 2) {
        problems_.push_back(problem_of(
            shards_[k].path, fmt::format("is shard {}, and so is '{}'", identity.number, shards_[k - 1].path)));
      }
    }
    if (!problems_.empty()) return;
    if (const std::uint64_t missing = of - seen.size()) {
      constexpr std::size_t kNamed = 20;
      std::vector<std::string> names;
      for (std::uint64_t number = 1; number <= of && names.size() < std::min<std::uint64_t>(missing, kNamed);
           ++number) {
        if (!seen.count(number)) names.push_back(std::to_string(number));
      }
      const bool several = missing > 1;
      throw InputError(
          {problem_of("", fmt::format("shard{} {}{} of {} {} missing; compute {} and name all shards",
                                      several ? "s" : "", fmt::join(names, ", "), missing > kNamed ? ", ..." : "", of,
                                      several ? "are" : "is", several ? "them" : "it"))},
          ExitCode::missing_input);
    }
    std::uint64_t next = 0;
    for (const Shard& shard : shards_) {
      if (shard.identity.first_scenario != next) {
        problems_.push_back(problem_of(shard.path, fmt::format("begins at scenario {}, the shards before it end at {}",
                                                               shard.identity.first_scenario, next)));
      }
      next = shard.identity.first_scenario + shard.identity.scenarios;
    }
    if (next != all) {
      problems_.push_back(problem_of(shards_.back().path, fmt::format("ends at scenario {} of {}", next, all)));
    }
  }

  std::vector<Shard> shards_;
  StoredStudy study_;
  std::map<std::string, std::string> hashes_;
  std::vector<double> weights_, current_;
  std::vector<Problem> problems_;
};

}  // namespace

Results merge_shards(const MergeRequest& request) {
  RunClock clock;
  request.progress("checking the shards");
  for (const std::string& path : request.shards) {
    std::error_code none;
    if (fs::equivalent(path, request.output, none)) {
      throw Error(ExitCode::usage, fmt::format("{}: error: is both a shard and the output", path));
    }
  }
  ShardSet shards(request.shards);
  const StoredStudy& stored = shards.study();
  InputFiles files = stored_inputs(stored, request.shards[0], request.inputs);
  PreparedStudy study =
      prepare_study(read_study(shards.in_order()[0].path + " (resolved study)", stored.resolved_config), files);
  std::vector<NamedPortfolio> portfolios = shards.portfolios();
  RunRequest run;
  run.original_study = stored.study_file;
  run.weights_sha256 = stored.weights_sha256;
  Results results = describe_study(study.config, files, run);
  results.resolved_config = stored.resolved_config;
  describe_prepared(study, results);

  const MemoryPlan memory = plan_memory(study, {false, true}, request.memory_bytes);
  const std::string folder = fs::path(request.output).parent_path().string();
  create_output_directory(folder.empty() ? "." : folder);
  ResultsLayout layout = layout_of(study, results, false, portfolios.size() > 1);
  if (request.virtual_datasets) {
    for (const Shard& shard : shards.in_order()) {
      layout.parts.push_back({fs::relative(shard.path, folder.empty() ? "." : folder).generic_string(),
                              shard.identity.first_scenario, shard.identity.scenarios});
    }
  }
  PartialFile::remove_left_over(request.output);
  ResultsFile file(request.output, layout);
  request.progress("joining");
  for (const Shard& shard : shards.in_order()) {
    check_stop();
    file.append_file(hdf5::File::open(shard.path));
  }
  request.progress("measuring");
  measure_fresh(study, portfolios, file, memory, folder.empty() ? "." : folder, one_process(), results);
  if (study.policy_steps > 0) {  // of all scenarios, so that no shard can find it
    request.progress("optimising the policy");
    optimise_study_policy(BalanceModel(study), portfolios.at(0).weights, results);
  }
  file.complete(results);
  describe_run(clock, results);
  write_result_files(results, study.config, "", folder, file);
  return results;
}

}  // namespace ballast
