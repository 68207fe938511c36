#include "engine/study/external_scenarios.h"

#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/suggest.h"
#include "scenarios/io/csv.h"
#include "scenarios/io/hdf5_scenarios.h"

namespace ballast {
namespace {

/// More assets than this, and than scenarios, are taken for a mistake.
constexpr std::size_t kMostAssets = 2000;
constexpr std::string_view kHdf5Signature = "\x89HDF\r\n\x1a\n";

StoredScenarios read_csv(const InputFiles::File& file) {
  CsvTable table(file);
  StoredScenarios stored;
  stored.scenarios = table.rows();
  std::vector<int> columns;
  int probability = table.find_column("probability"), liability = table.find_column("liability");
  for (int c = 0; c < int(table.headers().size()); ++c) {
    if (c == probability || c == liability) continue;
    if (table.headers()[std::size_t(c)].empty())
      table.header_problem(c, "the column has no name (every column is an asset)");
    columns.push_back(c);
    stored.assets.push_back(table.headers()[std::size_t(c)]);
  }
  if (columns.empty()) table.file_problem("no column is an asset");
  Eigen::MatrixXd returns = table.numbers(columns);
  stored.asset_return.resize(std::size_t(returns.size()));
  for (Eigen::Index s = 0; s < returns.rows(); ++s) {
    for (Eigen::Index i = 0; i < returns.cols(); ++i) {
      if (returns(s, i) < -1) {
        table.problem(std::size_t(s), columns[std::size_t(i)],
                      fmt::format("a return of {:.6g} loses more than everything; are these percent?", returns(s, i)));
      }
      stored.asset_return[std::size_t(s * returns.cols() + i)] = returns(s, i);
    }
  }
  auto column = [&](int c, std::vector<double>& into) {
    if (c < 0) return;
    Eigen::MatrixXd values = table.numbers({{c}});
    into.assign(values.data(), values.data() + values.size());
  };
  column(probability, stored.probability);
  column(liability, stored.liability);
  for (std::size_t s = 0; s < stored.probability.size(); ++s) {
    if (stored.probability[s] < 0) table.problem(s, probability, "a probability is negative");
  }
  table.throw_problems();
  return stored;
}

InputError file_error(const InputFiles::File& file, std::string message) {
  Problem problem;
  problem.file = file.name;
  problem.message = std::move(message);
  return InputError(problem);
}

void check_numbers(const InputFiles::File& file, const StoredScenarios& stored) {
  if (stored.assets.size() > kMostAssets && stored.assets.size() > stored.scenarios) {
    throw file_error(file, fmt::format("has {} scenarios of {} assets (a row is a scenario, a column an asset); is it "
                                       "transposed?",
                                       stored.scenarios, stored.assets.size()));
  }
  if (stored.probability.empty()) return;
  double sum = 0.0;
  for (double p : stored.probability) {
    if (p < 0) throw file_error(file, "a probability is negative");
    sum += p;
  }
  if (std::abs(sum - 1.0) > 1e-6) {
    throw file_error(file, fmt::format("the probabilities sum to {:.9g} (they must sum to 1)", sum));
  }
}

}  // namespace

ExternalScenarios read_external_scenarios(const StudyConfig& config, InputFiles& files) {
  const InputFiles::File& file = files.read(*config.scenarios.path);
  bool hdf5 = std::string_view(file.content).substr(0, kHdf5Signature.size()) == kHdf5Signature;
  StoredScenarios stored = hdf5 ? read_scenarios_hdf5_content(file.name, file.content) : read_csv(file);
  check_numbers(file, stored);

  ExternalScenarios external;
  std::vector<std::size_t> columns;
  if (config.assets.empty()) {
    external.asset_names = stored.assets;
    for (std::size_t i = 0; i < stored.assets.size(); ++i) columns.push_back(i);
  }
  for (std::size_t a = 0; a < config.assets.size(); ++a) {
    const std::string& wanted = *config.assets[a].series;
    auto found = std::find(stored.assets.begin(), stored.assets.end(), wanted);
    if (found == stored.assets.end()) {
      std::string guess = did_you_mean(wanted, stored.assets);
      throw key_error(fmt::format("assets[{}].series", a),
                      fmt::format("{} has no column '{}'{}{}", file.name, wanted, guess.empty() ? "" : "; ", guess));
    }
    columns.push_back(std::size_t(found - stored.assets.begin()));
    external.asset_names.push_back(config.assets[a].name);
  }

  for (const auto& [name, weight] : config.balance.current) {
    if (std::find(external.asset_names.begin(), external.asset_names.end(), name) != external.asset_names.end())
      continue;
    std::string guess = did_you_mean(name, external.asset_names);
    throw key_error("balance.current." + name,
                    fmt::format("'{}' is not an asset of {}{}{}", name, file.name, guess.empty() ? "" : "; ", guess));
  }

  HorizonScenarios& set = external.set;
  set.scenarios = stored.scenarios;
  set.assets = columns.size();
  set.asset_return.resize(set.scenarios * set.assets);
  for (std::uint64_t s = 0; s < set.scenarios; ++s) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      set.asset_return[s * set.assets + i] = stored.asset_return[s * stored.assets.size() + columns[i]];
    }
  }
  set.liability = stored.liability;
  set.probability = stored.probability;
  return external;
}

}  // namespace ballast
