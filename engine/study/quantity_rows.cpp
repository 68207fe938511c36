#include "engine/study/quantity_rows.h"

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/study/distribution.h"
#include "engine/study/report_columns.h"

namespace ballast {
namespace {

/// The distributions of a dataset (scenario, time), or (scenario, time, one a label).
void add_distributions(const ResultsFile& file, const ScenarioWeights& weights, std::uint64_t bytes,
                       const std::string& dataset, const char* unit, const std::vector<std::string>& labels,
                       std::vector<QuantityDistributions>& all) {
  if (!file.holds(dataset)) return;
  const std::size_t each = labels.size(), times = columns_of(file, dataset) / each;
  const std::size_t first = all.size();
  for (const std::string& label : labels) all.push_back({dataset, label, unit, std::vector<Distribution>(times)});
  visit_columns(file, {dataset}, bytes, [&](std::size_t k, std::vector<std::vector<double>>& columns) {
    all[first + k % each].at[k / each] = distribution(columns[0], weights);
  });
}

}  // namespace

std::vector<QuantityDistributions> measure_rows(const PreparedStudy& study, const ResultsFile& file,
                                                const ScenarioWeights& weights, std::uint64_t bytes) {
  std::vector<QuantityDistributions> all;
  auto add = [&](const char* dataset, const char* unit, const std::vector<std::string>& labels = {""}) {
    add_distributions(file, weights, bytes, dataset, unit, labels, all);
  };
  add("liability_modified_duration", units::years);
  add("liability_effective_duration", units::years);
  add("liability_convexity", units::years_squared);
  add("liability_dv01", units::currency);
  add("liability_inflation_duration", units::years);
  std::vector<std::string> nodes;
  for (double years : study.config.measures.key_rates) nodes.push_back(fmt::format("{}", years));
  add("liability_key_rate_duration", units::years, nodes);
  return all;
}

std::vector<QuantityDistributions> market_rows(const PreparedStudy& study, const ResultsFile& file,
                                               const ScenarioWeights& weights, std::uint64_t bytes) {
  std::vector<QuantityDistributions> all;
  add_distributions(file, weights, bytes, "price_index", units::fraction, {""}, all);
  add_distributions(file, weights, bytes, "credit_spread", units::rate, study.world->spread_names(), all);
  return all;
}

}  // namespace ballast
