#pragma once

#include <filesystem>
#include <string>

#include "engine/output/results.h"
#include "engine/output/results_file.h"

namespace ballast::example {

/// A folder for one test, removed at its end.
class Folder {
 public:
  Folder();
  ~Folder();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }
  std::size_t files() const;

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& path);

/// A study with everything that a results file can hold: 2,500 scenarios, 3 times, 2 assets, 2 liabilities, 3 key
/// rates, 4 tenors, 3 quantiles.
ResultsLayout full_layout();
Results full_results();
/// What those scenarios are, by formula: value(dataset, scenario, row).
double value(int dataset, std::uint64_t scenario, std::size_t row);
EvaluateBlock block(const ResultsLayout& layout, std::uint64_t first);
void write(const std::string& path, const ResultsLayout& layout, const Results& results);

/// `model: file`, nothing but returns.
ResultsLayout returns_layout();
Results returns_results();

}  // namespace ballast::example
