#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/partial_file.h"
#include "engine/output/results_provenance.h"
#include "engine/report/export_tables.h"
#include "engine/report/report_data.h"
#include "scenarios/base/error.h"
#include "scenarios/base/stop.h"

namespace ballast {
namespace {

std::string field(const hdf5::TableColumn& column, std::size_t row) {
  if (auto* texts = std::get_if<std::vector<std::string>>(&column.values)) return csv_field((*texts)[row]);
  if (auto* whole = std::get_if<std::vector<std::int64_t>>(&column.values)) return std::to_string((*whole)[row]);
  return csv_number(std::get<std::vector<double>>(column.values)[row]);
}

std::string csv_of(const ResultTable& table) {
  std::string text;
  for (std::size_t c = 0; c < table.columns.size(); ++c) text += (c ? "," : "") + table.columns[c].name;
  text += '\n';
  for (std::size_t r = 0; r < table.rows(); ++r) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) text += (c ? "," : "") + field(table.columns[c], r);
    text += '\n';
  }
  return text;
}

std::string provenance_csv(const ReportData& data) {
  std::string text = "name,value\n";
  for (const auto& [name, value] : data.provenance) text += csv_field(name) + "," + csv_field(value) + "\n";
  for (const auto& [name, sha256] : data.inputs) text += csv_field("SHA-256 of " + name) + "," + sha256 + "\n";
  return text;
}

/// Datasets over scenarios, a block at a time: the text of a large study does not fit into memory.
class ScenarioTables {
 public:
  ScenarioTables(const hdf5::File& file, std::string folder) : file_(file), folder_(std::move(folder)) {}

  void write() const {
    if (file_.contains("asset_return")) {
      write("asset_returns.csv", "asset", {"asset_return"}, file_.open_dataset("asset").read_texts());
    }
    std::vector<std::string> present;
    for (const char* name : {"liability_pv", "liability_duration", "assets_value", "surplus", "funding_ratio"}) {
      if (file_.contains(name)) present.emplace_back(name);
    }
    if (present.empty()) return;
    std::vector<std::string> times;
    for (double time : file_.open_dataset("time").read_doubles()) times.push_back(csv_number(time));
    write("scenarios.csv", "time", present, times);
  }

 private:
  /// One line a scenario and entry of its second dimension, one column a dataset.
  void write(const char* name, const char* axis, const std::vector<std::string>& datasets,
             const std::vector<std::string>& labels) const {
    constexpr std::uint64_t block = 4096;
    std::vector<hdf5::Dataset> columns;
    std::string text = std::string("scenario,") + axis;
    for (const std::string& dataset : datasets) {
      columns.push_back(file_.open_dataset(dataset));
      text += "," + dataset;
    }
    PartialFile partial((std::filesystem::path(folder_) / name).string());
    partial.append(text + "\n");
    const std::uint64_t scenarios = columns[0].shape().at(0);
    for (std::uint64_t first = 0; first < scenarios; first += block) {
      check_stop();
      const std::uint64_t count = std::min(block, scenarios - first);
      std::vector<std::vector<double>> values;
      for (const hdf5::Dataset& column : columns) values.push_back(column.read_rows(first, count));
      text.clear();
      for (std::uint64_t s = 0; s < count; ++s) {
        for (std::size_t k = 0; k < labels.size(); ++k) {
          text += fmt::format("{},{}", first + s, csv_field(labels[k]));
          for (const std::vector<double>& column : values) text += "," + csv_number(column[s * labels.size() + k]);
          text += '\n';
        }
      }
      partial.append(text);
    }
    partial.commit();
  }

  const hdf5::File& file_;
  std::string folder_;
};

}  // namespace

void export_csv(const std::string& results_file, const std::string& folder, bool with_scenarios) {
  ReportData data = read_report_data(results_file, results_file);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed || !std::filesystem::is_directory(folder)) {
    throw Error(ExitCode::cannot_create, folder + ": error: cannot create the folder (" +
                                             (failed ? failed.message() : std::string("it is a file")) + ")");
  }
  auto write = [&](const std::string& name, const std::string& text) {
    write_file_atomically((std::filesystem::path(folder) / (name + ".csv")).string(), text);
  };
  for (const ResultTable& table : data.tables) write(table.name, csv_of(table));
  write("provenance", provenance_csv(data));
  if (with_scenarios) ScenarioTables(open_results(results_file), folder).write();
}

}  // namespace ballast
