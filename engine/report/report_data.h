#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/output/result_table.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// Histograms and convergence use at most this many scenarios, the first.
inline constexpr std::uint64_t kPageScenarios = std::uint64_t(1) << 20;

/// What a page of results says, read from the results file alone.
struct ReportData {
  std::string study, valuation_date, path;
  std::vector<std::string> asset_names;
  std::vector<ResultTable> tables;
  nlohmann::ordered_json summary;  ///< the file's summary.json
  nlohmann::ordered_json charts;   ///< what the page's scripts draw from; see engine/report/page/README.md
  /// Where the numbers come from: name and value.
  std::vector<std::pair<std::string, std::string>> provenance, inputs;

  const ResultTable* table(std::string_view name) const { return find_table(tables, name); }
};

/// Reads a results file. shown_path: the name that the page's commands use. Throws as open_results does.
ReportData read_report_data(const std::string& results_file, const std::string& shown_path);

}  // namespace ballast
