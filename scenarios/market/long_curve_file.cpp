#include "scenarios/market/long_curve_file.h"

#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "scenarios/io/date_column.h"
#include "scenarios/market/tenor_header.h"

namespace ballast {
namespace {

/// "SR_10Y" of "YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_10Y".
std::string last_part(const std::string& key) {
  const std::size_t dot = key.find_last_of('.');
  return dot == std::string::npos ? key : key.substr(dot + 1);
}

/// The tenor of a series, where it is to be read.
std::optional<double> tenor_of_series(const std::string& key, const CurveFile& parameters) {
  const std::string name = last_part(key);
  if (!parameters.columns.empty()) {
    auto named = parameters.columns.find(name);
    return named == parameters.columns.end() ? std::nullopt : std::optional(named->second);
  }
  if (!name.starts_with(parameters.quote == Quote::par ? "PY_" : "SR_")) return std::nullopt;
  return tenor_of_header(name, TenorUnit::years);
}

}  // namespace

bool is_long_curve_file(const CsvTable& table) {
  return table.find_column("KEY") >= 0 && table.find_column("TIME_PERIOD") >= 0 && table.find_column("OBS_VALUE") >= 0;
}

DatedQuotes read_long_curve_file(CsvTable& table, const CurveFile& parameters) {
  const int key_column = table.find_column("KEY");
  DatedQuotes result;
  result.date_column = table.find_column("TIME_PERIOD");
  result.quote_column = table.find_column("OBS_VALUE");
  const std::vector<std::string> keys = table.texts(key_column), periods = table.texts(result.date_column);
  const Eigen::MatrixXd values = table.numbers(std::vector<int>{result.quote_column}, parameters.missing);
  const std::vector<std::optional<Date>> dates = parse_dates(periods);

  std::map<double, std::string> series;                        // the key of each tenor
  std::map<Date, std::map<double, std::size_t>> observations;  // rows
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::optional<double> tenor = tenor_of_series(keys[row], parameters);
    if (!tenor || (parameters.last_tenor && *tenor > *parameters.last_tenor + 1e-9)) continue;
    if (!dates[row]) {
      table.problem(row, result.date_column, fmt::format("'{}' is not a date; write it as 2025-12-31", periods[row]));
      continue;
    }
    auto [known, first] = series.emplace(*tenor, keys[row]);
    if (!first && known->second != keys[row]) {
      table.problem(row, key_column,
                    fmt::format("the tenor {} has two series, '{}' and '{}'; keep the rows of one curve", *tenor,
                                known->second, keys[row]));
      break;  // all of the other curve would follow
    }
    auto [place, added] = observations[*dates[row]].emplace(*tenor, row);
    if (!added) {
      table.problem(row, result.date_column,
                    fmt::format("'{}' has two observations on {} (the other on line {})", keys[row],
                                to_string(*dates[row]), table.position(place->second, result.date_column).line));
    }
  }
  if (series.empty()) {
    table.header_problem(
        key_column,
        "there is no series of spot rates (a KEY that ends in .SR_10Y), or of par yields (.PY_10Y) with "
        "`quote: par`; download those, or name some with `columns: {SR_10Y: 10}`");
  }
  for (const auto& [tenor, key] : series) result.tenors.push_back(tenor);
  result.quotes = Eigen::MatrixXd::Constant(Eigen::Index(observations.size()), Eigen::Index(series.size()), NAN);
  Eigen::Index at = 0;
  for (const auto& [date, by_tenor] : observations) {
    result.dates.push_back(date);
    result.table_rows.push_back(by_tenor.begin()->second);
    for (std::size_t k = 0; k < result.tenors.size(); ++k) {
      auto found = by_tenor.find(result.tenors[k]);
      if (found != by_tenor.end()) {
        result.quotes(at, Eigen::Index(k)) = values(Eigen::Index(found->second), 0);
      } else if (!parameters.missing) {
        table.problem(result.table_rows.back(), result.date_column,
                      fmt::format("{} has no observation of '{}'; add it, or declare `missing: []`", to_string(date),
                                  series.at(result.tenors[k])));
      }
    }
    ++at;
  }
  return result;
}

}  // namespace ballast
