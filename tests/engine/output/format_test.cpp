#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/result_tables.h"
#include "engine/output/summary_csv.h"
#include "engine/output/summary_json.h"
#include "engine/output/validation_text.h"
#include "scenarios/io/hdf5.h"
#include "tests/engine/example_results.h"
#include "tests/folders.h"

using namespace ballast;
namespace ex = ballast::example;

namespace {

std::string trimmed(const std::string& text) {
  std::size_t first = text.find_first_not_of(" `");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" `") - first + 1);
}

/// The rows of the table under a heading of FORMAT.md: first cell -> the others.
using Table = std::map<std::string, std::vector<std::string>>;

Table table_under(const std::string& heading) {
  std::istringstream lines(ex::content(source_folder() + "/engine/output/FORMAT.md"));
  Table table;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#", 0) == 0) inside = line == heading;
    if (!inside || line.rfind("| `", 0) != 0) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(trimmed(cell));
    std::string key = cells.front();
    cells.erase(cells.begin());
    CAPTURE(key);
    CHECK(table.emplace(key, cells).second);
  }
  INFO(heading);
  REQUIRE_FALSE(table.empty());
  return table;
}

std::string generic(const std::string& name) {
  return name.rfind("input_", 0) == 0 || name.rfind("/inputs/input_", 0) == 0
             ? name.substr(0, name.find("input_")) + "input_N"
             : name;
}

std::string short_name(const std::string& name) { return generic(name.substr(name.rfind('/') + 1)); }

struct Found {
  Table datasets, file_attributes, dataset_attributes, input_attributes, table_columns, table_attributes;
};

void collect_attributes(const hdf5::Object& object, Table& table) {
  const std::set<std::string> of_hdf5 = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"};
  for (const std::string& name : object.attribute_names()) {
    if (!of_hdf5.count(name)) table[name] = {object.attribute_type(name)};
  }
}

void collect_tables(const hdf5::File& file, Found& found) {
  for (const ResultTable& table : read_tables(file)) {
    for (const hdf5::TableColumn& column : table.columns) {
      constexpr const char* types[] = {"float64", "int64", "text"};
      found.table_columns[table.name + "." + column.name] = {types[column.values.index()], table.unit(column.name)};
    }
    collect_attributes(file.open_group("tables").open_dataset(table.name), found.table_attributes);
  }
}

void collect(const hdf5::Group& group, Found& found) {
  for (const std::string& member : group.members()) {
    if (member == "tables") continue;
    if (group.is_group(member)) {
      collect(group.open_group(member), found);
      continue;
    }
    hdf5::Dataset dataset = group.open_dataset(member);
    std::string shape;
    for (std::size_t k = 0; k < dataset.shape().size(); ++k) {
      std::string scale = dataset.is_scale() ? dataset.name() : dataset.scale_of(k);
      shape += (shape.empty() ? "" : ", ") + short_name(scale);
    }
    std::string units = dataset.has_attribute("units") ? dataset.text_attribute("units") : "";
    found.datasets[generic(dataset.name())] = {name_of(dataset.type()), "(" + shape + ")", units};
    Table attributes;
    collect_attributes(dataset, attributes);
    for (const auto& [name, type] : attributes) {
      bool of_all = name == "long_name" || name == "units";
      (of_all ? found.dataset_attributes : found.input_attributes)[name] = type;
      if (!of_all) CHECK(group.name() == "/inputs");
    }
    CHECK(attributes.count("long_name") == 1);
  }
}

Found contents(const std::string& path) {
  hdf5::File file = hdf5::File::open(path);
  Found found;
  collect(file, found);
  collect_tables(file, found);
  collect_attributes(file, found.file_attributes);
  return found;
}

std::set<std::string> keys(const Table& table) {
  std::set<std::string> names;
  for (const auto& [name, cells] : table) names.insert(name);
  return names;
}

void check_same(const Table& documented, const Table& real) {
  for (const auto& [name, cells] : real) {
    CAPTURE(name);
    REQUIRE_MESSAGE(documented.count(name) == 1, "in the file, not in FORMAT.md");
    const std::vector<std::string>& described = documented.at(name);
    bool type_fits =
        described[0] == cells[0] || (described[0] == "float64 or float32" && cells[0].rfind("float", 0) == 0);
    CHECK_MESSAGE(type_fits, described[0], " documented, ", cells[0], " in the file");
    for (std::size_t k = 1; k < cells.size(); ++k) CHECK(described[k] == cells[k]);
  }
}

/// Paths of a JSON value as FORMAT.md writes them; distributions, and objects keyed by the user's names, are leaves.
void flatten(const nlohmann::ordered_json& value, const std::string& path, std::set<std::string>& paths) {
  const std::set<std::string> leaves = {"liabilities[]",
                                        "current",
                                        "projection_current[]",
                                        "stress[].asset_shocks",
                                        "frontier[].weights",
                                        "stress[].rate_shocks",
                                        "policy.projection[]",
                                        "policy.start_values",
                                        "policy.periods[].weights",
                                        "capital[].losses",
                                        "assets[].key_rate_durations",
                                        "balance.asset_key_rate_durations",
                                        "balance.key_rate_dv01_gap",
                                        "contributions[].assets",
                                        "optimizer.reduced_costs",
                                        "liability.instrument_sensitivities"};
  if (value.is_array() && path != "notes" && path != "policy.start_values") {
    if (leaves.count(path + "[]") || value.empty()) {
      paths.insert(path + "[]");
    } else {
      flatten(value[0], path + "[]", paths);
    }
  } else if (value.is_object() && !value.contains("mean") && !leaves.count(path) && path != "portfolio.weights" &&
             path != "liability.key_rate_durations") {
    for (const auto& [key, inner] : value.items()) flatten(inner, path.empty() ? key : path + "." + key, paths);
  } else {
    paths.insert(path);
  }
}

}  // namespace

TEST_CASE("FORMAT.md describes all that is in a results file, and nothing else") {
  ex::Folder folder;
  Table datasets = table_under("### Datasets");
  ResultsLayout layout = ex::full_layout();
  for (bool single : {false, true}) {
    layout.float32 = single;
    ex::write(folder / "full.h5", layout, ex::full_results());
    Found found = contents(folder / "full.h5");
    check_same(datasets, found.datasets);
    CHECK(keys(datasets) == keys(found.datasets));
    Table file_attributes = table_under("### Attributes of the file");
    check_same(file_attributes, found.file_attributes);
    CHECK(keys(file_attributes) == keys(found.file_attributes));
    Table dataset_attributes = table_under("### Attributes of datasets");
    check_same(dataset_attributes, found.dataset_attributes);
    CHECK(keys(dataset_attributes) == keys(found.dataset_attributes));
    Table input_attributes = table_under("### Attributes of inputs");
    check_same(input_attributes, found.input_attributes);
    CHECK(keys(input_attributes) == keys(found.input_attributes));
    Table table_columns = table_under("### Tables");
    check_same(table_columns, found.table_columns);
    CHECK(keys(table_columns) == keys(found.table_columns));
    Table table_attributes = table_under("### Attributes of tables");
    check_same(table_attributes, found.table_attributes);
    CHECK(keys(table_attributes) == keys(found.table_attributes));
    for (const auto& [name, cells] : found.datasets) {
      bool on_request = datasets.at(name)[0] == "float64 or float32";
      if (on_request) CHECK(cells[0] == (single ? "float32" : "float64"));
    }
  }
  ex::write(folder / "returns.h5", ex::returns_layout(), ex::returns_results());
  check_same(datasets, contents(folder / "returns.h5").datasets);
}

TEST_CASE("FORMAT.md describes all that is in summary.json, and nothing else") {
  Table table = table_under("## summary.json");
  std::set<std::string> paths;
  flatten(nlohmann::ordered_json::parse(summary_json(ex::full_results())), "", paths);
  for (const std::string& key : keys(table)) CHECK_MESSAGE(paths.count(key) == 1, key, " is not in summary.json");
  for (const std::string& path : paths) CHECK_MESSAGE(table.count(path) == 1, path, " is not in FORMAT.md");
}

TEST_CASE("FORMAT.md describes what ballast optimize prints, the optimizer as in summary.json") {
  const Results results = ex::full_results();
  const auto printed =
      nlohmann::ordered_json::parse(optimum_json(*results.optimizer, results.asset_names, results.portfolio->weights));
  std::set<std::string> printed_keys;
  for (const auto& [key, value] : printed.items()) printed_keys.insert(key);
  CHECK(printed_keys == keys(table_under("## ballast optimize --json")));
  const auto summary = nlohmann::ordered_json::parse(summary_json(results));
  CHECK(printed["optimizer"] == summary["optimizer"]);
  CHECK(printed["weights"] == summary["portfolio"]["weights"]);
}

TEST_CASE("FORMAT.md gives the columns of the CSV files") {
  Table table = table_under("## CSV files");
  Results r = ex::full_results();
  auto check = [&](const char* file, const std::string& text) {
    CAPTURE(file);
    REQUIRE(table.count(file) == 1);
    CHECK(table.at(file)[0].rfind(text.substr(0, text.find('\n')), 0) == 0);
  };
  check("summary.csv", summary_csv(r));
  check("weights.csv", weights_csv(r));
  check("distributions.csv", distributions_csv(r));
  check("frontier.csv", frontier_csv(r));
  check("policy.csv", policy_csv(r));
  check("stress.csv", stress_csv(r));
  check("validation.csv", validation_csv(r.validation));
  check("capital.csv", capital_csv(r));
  check("stress_grid.csv", stress_grid_csv(r));
}
