#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "engine/config/read_study.h"
#include "engine/study/run_study.h"
#include "tests/folders.h"

namespace ballast::test {

/// A folder of its own for a test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ballast-test-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string path(const std::string& name = "") const { return name.empty() ? path_ : path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

 private:
  std::string path_;
};

/// Runs a study text whose paths are relative to `base`; results go to `output`.
inline Results run_text(const std::string& text, const std::string& base, const std::string& output,
                        const std::vector<Override>& overrides = {}) {
  StudyConfig config = read_study("study.yaml", text, overrides);
  InputFiles files(base);
  RunRequest request;
  request.output_directory = output;
  request.original_study = text;
  request.base_directory = base;
  return run_study(config, files, request);
}

inline std::string data_folder() { return source_folder() + "/data"; }

}  // namespace ballast::test
