#include "engine/study/result_files.h"

#include <filesystem>
#include <memory>
#include <set>
#include <vector>

#include "engine/config/input_paths.h"
#include "engine/config/write_study.h"
#include "engine/output/partial_file.h"
#include "engine/output/summary_csv.h"
#include "engine/output/summary_json.h"
#include "engine/output/validation_text.h"
#include "engine/report/report_page.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

namespace fs = std::filesystem;

/// The path to the same file from another folder.
void move_path(InputPath& path, const fs::path& from, const fs::path& to) {
  if (fs::path(path.text).is_absolute()) return;
  path.text = fs::relative(fs::absolute(from / path.text).lexically_normal(), fs::absolute(to)).generic_string();
}

}  // namespace

void create_output_directory(const std::string& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed || !fs::is_directory(directory)) {
    throw Error(ExitCode::cannot_create, directory + ": error: cannot create the output directory (" +
                                             (failed ? failed.message() : std::string("it is a file")) + ")");
  }
}

void write_result_files(const Results& results, const StudyConfig& resolved, const std::string& base_directory,
                        const std::string& directory, ResultsFile& file) {
  // All are written before the first takes its name: a disk that fills up leaves no results of two runs side by side.
  std::vector<std::unique_ptr<PartialFile>> files;
  std::set<std::string> absent{"frontier.csv", "policy.csv",      "validation.csv",
                               "capital.csv",  "stress_grid.csv", "report.html"};
  auto write = [&](const char* name, const std::string& text) {
    absent.erase(name);
    const std::string path = (fs::path(directory) / name).string();
    PartialFile::remove_left_over(path);
    files.push_back(std::make_unique<PartialFile>(path));
    files.back()->write(text);
  };
  StudyConfig moved = resolved;
  if (!base_directory.empty()) {
    for_each_input_path(moved, [&](InputPath& path) { move_path(path, base_directory, directory); });
  }
  moved.output.directory.text = ".";
  write("study.resolved.yaml", to_yaml(moved, "this file"));
  write("weights.csv", weights_csv(results));
  write("distributions.csv", distributions_csv(results));
  if (!results.frontier.empty()) write("frontier.csv", frontier_csv(results));
  if (results.policy) write("policy.csv", policy_csv(results));
  write("stress.csv", stress_csv(results));
  if (!results.validation.rows.empty()) write("validation.csv", validation_csv(results.validation));
  if (!results.capital.empty()) write("capital.csv", capital_csv(results));
  if (!results.stress_grids.empty()) write("stress_grid.csv", stress_grid_csv(results));
  write("summary.csv", summary_csv(results));
  write("summary.json", summary_json(results));
  if (resolved.output.report) write("report.html", report_page_of(file.partial_path(), "results.h5"));
  file.commit();
  for (const auto& written : files) written->commit();
  // What an earlier study left here must not look like this one's.
  std::error_code ignored;
  for (const std::string& name : absent) fs::remove(fs::path(directory) / name, ignored);
}

}  // namespace ballast
