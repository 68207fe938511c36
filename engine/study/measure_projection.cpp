#include "engine/study/measure_projection.h"

#include <cmath>
#include <string>

#include "engine/study/distribution.h"
#include "engine/study/packed_numbers.h"
#include "engine/study/quantity_rows.h"
#include "engine/study/report_columns.h"

namespace ballast {
namespace {

/// One quantity of the balance sheet, in a dataset of its own.
struct Quantity {
  std::string dataset;
  Distribution ProjectionRow::*into;
  std::size_t first, last;  ///< portfolios that it is of
};

std::vector<Quantity> quantities_in(const hdf5::File& file, std::size_t portfolios) {
  std::vector<Quantity> all{{"liability_pv", &ProjectionRow::liability_pv, 0, portfolios},
                            {"liability_duration", &ProjectionRow::liability_duration, 0, portfolios}};
  for (std::size_t p = 0; p < portfolios; ++p) {
    const std::string group = p == 0 ? "" : "current/";
    all.push_back({group + "assets_value", &ProjectionRow::assets, p, p + 1});
    all.push_back({group + "surplus", &ProjectionRow::surplus, p, p + 1});
    all.push_back({group + "funding_ratio", &ProjectionRow::funding_ratio, p, p + 1});
  }
  std::erase_if(all, [&](const Quantity& quantity) { return !file.contains(quantity.dataset); });
  return all;
}

bool is_surplus(const Quantity& quantity) { return quantity.into == &ProjectionRow::surplus; }

ColumnMeasure measure_of(const Quantity& quantity, double initial_assets, const ScenarioWeights& weights) {
  const bool surplus = is_surplus(quantity);
  return {{quantity.dataset}, distribution_numbers() + (surplus ? 2 : 0), [=](const auto& columns) {
            std::vector<double> numbers;
            if (surplus) append(numbers, shortfall_probability(columns[0], initial_assets, weights));
            append(numbers, distribution(columns[0], weights));
            return numbers;
          }};
}

/// The slope takes the ten-year rate's place, which is measured by itself.
std::vector<ColumnMeasure> rate_measures(const ScenarioWeights& weights) {
  auto short_rate_and_slope = [=](const std::vector<std::span<double>>& columns) {
    const std::span<double> short_rate = columns[0], slope = columns[1];
    for (std::size_t s = 0; s < slope.size(); ++s) slope[s] -= short_rate[s];
    std::vector<double> numbers{share_below(short_rate, 0.0, weights).value};
    append(numbers, distribution(slope, weights));
    append(numbers, distribution(short_rate, weights));
    return numbers;
  };
  auto ten_year_rate = [=](const std::vector<std::span<double>>& columns) {
    std::vector<double> numbers;
    append(numbers, distribution(columns[0], weights));
    return numbers;
  };
  return {{{"short_rate", "ten_year_rate"}, 1 + 2 * distribution_numbers(), short_rate_and_slope},
          {{"ten_year_rate"}, distribution_numbers(), ten_year_rate}};
}

std::vector<ProjectionRow> empty_rows(const std::vector<double>& times, const ScenarioWeights& weights) {
  std::vector<ProjectionRow> rows(times.size());
  for (std::size_t t = 0; t < times.size(); ++t) {
    rows[t].time = times[t];
    rows[t].liability_pv = rows[t].liability_duration = distribution({}, weights);
  }
  return rows;
}

}  // namespace

ProjectionMeasures measure_projection(const PreparedStudy& study, const hdf5::File& file,
                                      const ScenarioWeights& weights, std::size_t portfolios, std::uint64_t bytes,
                                      Ranks& ranks) {
  const std::vector<Quantity> quantities = quantities_in(file, portfolios);
  const bool with_rates = file.contains("short_rate");
  std::vector<ColumnMeasure> measures;
  for (const Quantity& quantity : quantities) measures.push_back(measure_of(quantity, study.initial_assets, weights));
  if (with_rates) {
    for (ColumnMeasure& measure : rate_measures(weights)) measures.push_back(std::move(measure));
  }
  const std::vector<std::vector<std::vector<double>>> found = measure_columns(file, measures, bytes, ranks);
  ProjectionMeasures result;
  result.liability_measures = measure_rows(study, file, weights, bytes, ranks);
  result.market_levels = market_rows(study, file, weights, bytes, ranks);
  if (!ranks.root()) return result;

  std::vector<double> times;
  for (int step : study.report_steps) times.push_back(step * study.step_years());
  result.portfolios.assign(portfolios, empty_rows(times, weights));
  for (std::size_t k = 0; k < quantities.size(); ++k) {
    for (std::size_t t = 0; t < times.size(); ++t) {
      PackedNumbers numbers(found[k][t]);
      ProjectionRow row;
      if (is_surplus(quantities[k])) row.shortfall_probability = numbers.estimate();
      row.*quantities[k].into = numbers.distribution();
      for (std::size_t p = quantities[k].first; p < quantities[k].last; ++p) {
        ProjectionRow& of_portfolio = result.portfolios[p][t];
        of_portfolio.*quantities[k].into = row.*quantities[k].into;
        if (is_surplus(quantities[k])) of_portfolio.shortfall_probability = row.shortfall_probability;
      }
    }
  }
  if (!with_rates) return result;
  for (std::size_t t = 0; t < times.size(); ++t) {
    RateRow row;
    row.time = times[t];
    PackedNumbers both(found[quantities.size()][t]), ten_year(found[quantities.size() + 1][t]);
    row.negative_share = both.number();
    row.slope = both.distribution();
    row.short_rate = both.distribution();
    row.ten_year_rate = ten_year.distribution();
    result.rates.push_back(row);
  }
  return result;
}

}  // namespace ballast
