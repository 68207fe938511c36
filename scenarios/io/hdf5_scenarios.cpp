#include "scenarios/io/hdf5_scenarios.h"

#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"

namespace ballast {
namespace {

[[noreturn]] void refuse(const hdf5::File& file, std::string message) {
  Problem problem;
  problem.file = file.path();
  problem.message = std::move(message);
  throw InputError(std::move(problem));
}

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (std::uint64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text.empty() ? "a single number" : text;
}

/// Refuses the first value that is not good, and says how many scenarios have such values. values: [scenario][columns].
/// describe(value): what is wrong with it. Scenarios count from 0, as in Python and 'ballast replay'.
void check_values(const hdf5::File& file, const std::string& dataset, const std::vector<double>& values,
                  const std::vector<std::string>& columns, const std::function<bool(double)>& good,
                  const std::function<std::string(double)>& describe) {
  const std::size_t width = columns.size();
  std::size_t first = values.size(), bad = 0, last = values.size();
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (good(values[k])) continue;
    if (bad == 0) first = k;
    if (bad == 0 || k / width != last) ++bad;
    last = k / width;
  }
  if (bad == 0) return;
  const std::string& column = columns[first % width];
  refuse(file,
         fmt::format("dataset '{}' has {} for scenario {}{} (counted from 0; {} of {} scenarios have such values)",
                     dataset, describe(values[first]), first / width,
                     column.empty() ? "" : fmt::format(", asset '{}'", column), bad, values.size() / width));
}

void check_finite(const hdf5::File& file, const std::string& dataset, const std::vector<double>& values,
                  const std::vector<std::string>& columns) {
  check_values(
      file, dataset, values, columns, [](double x) { return std::isfinite(x); },
      [](double x) { return fmt::format("{}", x); });
}

void check_unique(const hdf5::File& file, const std::vector<std::string>& names) {
  std::set<std::string> known;
  for (const std::string& name : names) {
    if (!known.insert(name).second) refuse(file, fmt::format("two assets are named '{}'; name them apart", name));
  }
}

std::vector<std::string> asset_names(const hdf5::File& file, const hdf5::Dataset& returns, std::uint64_t count) {
  std::vector<std::string> names;
  std::string scale = returns.scale_of(1);
  if (scale.empty() && file.contains("asset") && !file.is_group("asset")) scale = "/asset";
  if (!scale.empty() && file.contains(scale)) {
    hdf5::Dataset labels = file.open_dataset(scale);
    // A netCDF dimension without labels is a scale that holds numbers.
    if (labels.type() == hdf5::Type::text) {
      if (labels.shape() != std::vector<std::uint64_t>{count}) {
        refuse(file, fmt::format("'{}' names {} assets (asset_return has {} columns)", scale,
                                 shape_text(labels.shape()), count));
      }
      return labels.read_texts();
    }
  }
  for (std::uint64_t k = 1; k <= count; ++k) names.push_back("asset_" + std::to_string(k));
  return names;
}

std::vector<double> one_per_scenario(const hdf5::File& file, const std::string& name, std::uint64_t scenarios) {
  if (!file.contains(name) || file.is_group(name)) return {};
  hdf5::Dataset dataset = file.open_dataset(name);
  // results.h5 has a coordinate `liability` that holds names.
  if (dataset.type() == hdf5::Type::text) return {};
  if (dataset.shape() != std::vector<std::uint64_t>{scenarios}) {
    refuse(file, fmt::format("dataset '{}' is {} (asset_return has {} scenarios, one number each is needed)", name,
                             shape_text(dataset.shape()), scenarios));
  }
  std::vector<double> values = dataset.read_doubles();
  check_finite(file, name, values, {""});
  return values;
}

StoredScenarios read(const hdf5::File& file) {
  if (!file.contains("asset_return")) {
    refuse(file, "has no dataset 'asset_return' (scenarios are read from there: a row a scenario, a column an asset)");
  }
  if (file.is_group("asset_return")) refuse(file, "'asset_return' is a group (a dataset is needed)");
  hdf5::Dataset returns = file.open_dataset("asset_return");
  std::vector<std::uint64_t> shape = returns.shape();
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0) {
    refuse(file, fmt::format("dataset 'asset_return' is {} (it has to be scenarios x assets)", shape_text(shape)));
  }
  StoredScenarios stored;
  stored.scenarios = shape[0];
  stored.assets = asset_names(file, returns, shape[1]);
  stored.asset_return = returns.read_doubles();
  check_unique(file, stored.assets);
  check_finite(file, "asset_return", stored.asset_return, stored.assets);
  check_values(
      file, "asset_return", stored.asset_return, stored.assets, [](double r) { return r >= -1.0; },
      [](double r) { return fmt::format("{:.6g}, which loses more than everything (are these percent?),", r); });
  stored.probability = one_per_scenario(file, "probability", stored.scenarios);
  stored.liability = one_per_scenario(file, "liability", stored.scenarios);
  return stored;
}

}  // namespace

StoredScenarios read_scenarios_hdf5(const std::string& path) { return read(hdf5::File::open(path)); }

StoredScenarios read_scenarios_hdf5_content(const std::string& name, std::string_view content) {
  return read(hdf5::File::open_content(name, content));
}

}  // namespace ballast
