#include "engine/cli/load_study.h"

#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "engine/config/read_study.h"
#include "engine/config/sweep.h"
#include "engine/output/labels.h"
#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"
#include "scenarios/base/suggest.h"
#include "scenarios/io/csv.h"

namespace ballast {
namespace {

/// Where a study's relative paths start. A pipe, such as /dev/fd/63 of <(...), has no folder of its own.
std::string folder_of(const std::string& path) {
  std::error_code ignored;
  if (path == "/dev/stdin" || !std::filesystem::is_regular_file(path, ignored)) return ".";
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

LoadedStudy read_loaded(const std::string& file, const std::string& text, const std::string& folder,
                        const std::vector<Override>& overrides, std::optional<std::uint64_t> sweep_index) {
  LoadedStudy loaded{file, text, folder, {}, {}, InputFiles(folder)};
  loaded.config = read_study(file, text, overrides, &loaded.positions);
  if (!sweep_index) return loaded;
  std::vector<Override> all = overrides;
  loaded.with_positions([&] {
    for (Override& swept : sweep_overrides(loaded.config, *sweep_index)) all.push_back(std::move(swept));
  });
  loaded.config = read_study(file, text, all, &loaded.positions);
  return loaded;
}

}  // namespace

void LoadedStudy::with_positions(const std::function<void()>& work) const {
  try {
    work();
  } catch (const InputError& error) {
    throw locate(error, positions, file);
  } catch (const NoSolutionError& error) {
    throw Error(error.code(), fmt::format("{}: error: {}", file, error.what()));
  }
}

LoadedStudy load_study(const std::string& file, const std::vector<Override>& overrides,
                       std::optional<std::uint64_t> sweep_index) {
  const bool standard_input = file == "-";
  if (standard_input && all_ranks().size() > 1) {
    throw Error(ExitCode::usage, "-: error: standard input reaches one rank only; give a study file");
  }
  const std::string path = standard_input ? "/dev/stdin" : file;
  return read_loaded(standard_input ? "<stdin>" : file, load_study_text(path), folder_of(path), overrides, sweep_index);
}

LoadedStudy load_swept_study(const LoadedStudy& study, const std::vector<Override>& overrides,
                             std::uint64_t sweep_index) {
  return read_loaded(study.file, study.text, study.base_directory, overrides, sweep_index);
}

void refuse_sweep(const LoadedStudy& study) {
  std::uint64_t count = 0;
  study.with_positions([&] { count = sweep_count(study.config); });
  if (study.config.sweep.empty()) return;
  throw Error(ExitCode::usage,
              fmt::format("{0}: error: stands for {1} studies (it has a section 'sweep'); choose one with "
                          "'ballast run --sweep-index K', or run all: for k in $(seq {1}); do ballast run {0} "
                          "--sweep-index $k; done (on Slurm: scripts/slurm/sweep)",
                          study.file, count));
}

std::vector<double> read_weights(const std::string& file, const std::vector<std::string>& assets) {
  InputFiles files(".");
  CsvTable table(files.read({file}));
  int name = table.require_column("asset");
  int column =
      table.find_column("weight_optimal") >= 0 ? table.find_column("weight_optimal") : table.require_column("weight");
  table.throw_problems();
  std::vector<std::string> names = table.texts(name);
  Eigen::MatrixXd values = table.numbers({{column}});
  table.throw_problems();  // a weight that cannot be read is not missing as well
  std::vector<double> weights(assets.size(), NAN);
  for (std::size_t row = 0; row < names.size(); ++row) {
    auto found = std::find(assets.begin(), assets.end(), without_guard(names[row]));
    if (found == assets.end()) {
      const std::string guess = did_you_mean(names[row], assets);
      table.problem(row, name,
                    fmt::format("'{}' is not an asset of the study{}{}", names[row], guess.empty() ? "" : "; ", guess));
      continue;
    }
    double& weight = weights[std::size_t(found - assets.begin())];
    if (!std::isnan(weight)) table.problem(row, name, fmt::format("'{}' occurs twice", names[row]));
    weight = values(Eigen::Index(row), 0);
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (std::isnan(weights[i])) table.file_problem(fmt::format("asset '{}' has no weight", assets[i]));
    sum += weights[i];
  }
  table.throw_problems();
  if (std::abs(sum - 1.0) > 1e-9) {
    table.file_problem(fmt::format("the weights sum to {:.12g} (they must sum to 1){}", sum,
                                   std::abs(sum - 100.0) < 1 ? "; 50% is 0.5" : ""));
    table.throw_problems();
  }
  return weights;
}

}  // namespace ballast
