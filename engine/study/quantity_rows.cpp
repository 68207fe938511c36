#include "engine/study/quantity_rows.h"

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/study/packed_numbers.h"
#include "engine/study/report_columns.h"

namespace ballast {
namespace {

/// The distributions of datasets (scenario, time), or (scenario, time, one a label).
class QuantityReader {
 public:
  QuantityReader(const hdf5::File& file, const ScenarioWeights& weights, std::uint64_t bytes, Ranks& ranks)
      : file_(file), weights_(weights), bytes_(bytes), ranks_(ranks) {}

  void add(const std::string& dataset, const char* unit, const std::vector<std::string>& labels = {""}) {
    if (!file_.contains(dataset)) return;
    const ColumnMeasure measure{{dataset}, distribution_numbers(), [this](const auto& columns) {
                                  std::vector<double> numbers;
                                  append(numbers, distribution(columns[0], weights_));
                                  return numbers;
                                }};
    const auto found = measure_columns(file_, {measure}, bytes_, ranks_);
    if (!ranks_.root()) return;
    const std::size_t each = labels.size();
    for (std::size_t k = 0; k < each; ++k) {
      all_.push_back({dataset, labels[k], unit, {}});
      for (std::size_t column = k; column < found[0].size(); column += each) {
        all_.back().at.push_back(PackedNumbers(found[0][column]).distribution());
      }
    }
  }
  std::vector<QuantityDistributions> take() { return std::move(all_); }

 private:
  const hdf5::File& file_;
  const ScenarioWeights& weights_;
  std::uint64_t bytes_;
  Ranks& ranks_;
  std::vector<QuantityDistributions> all_;
};

}  // namespace

std::vector<QuantityDistributions> measure_rows(const PreparedStudy& study, const hdf5::File& file,
                                                const ScenarioWeights& weights, std::uint64_t bytes, Ranks& ranks) {
  QuantityReader reader(file, weights, bytes, ranks);
  reader.add("liability_modified_duration", units::years);
  reader.add("liability_effective_duration", units::years);
  reader.add("liability_convexity", units::years_squared);
  reader.add("liability_dv01", units::currency);
  reader.add("liability_inflation_duration", units::years);
  std::vector<std::string> nodes;
  for (double years : study.config.measures.key_rates) nodes.push_back(fmt::format("{}", years));
  reader.add("liability_key_rate_duration", units::years, nodes);
  return reader.take();
}

std::vector<QuantityDistributions> market_rows(const PreparedStudy& study, const hdf5::File& file,
                                               const ScenarioWeights& weights, std::uint64_t bytes, Ranks& ranks) {
  QuantityReader reader(file, weights, bytes, ranks);
  reader.add("price_index", units::fraction);
  reader.add("credit_spread", units::rate, study.world->spread_names());
  return reader.take();
}

}  // namespace ballast
