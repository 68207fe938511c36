#include "scenarios/market/history_files.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/io/date_column.h"
#include "scenarios/market/calendar_check.h"
#include "scenarios/market/quote_checks.h"

namespace ballast {
namespace {

/// Rows without a missing value, and how many others.
std::vector<std::size_t> complete_rows(const Eigen::MatrixXd& values) {
  std::vector<std::size_t> rows;
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    if (!values.row(i).array().isNaN().any()) rows.push_back(std::size_t(i));
  }
  return rows;
}

/// Prices must be positive, returns above -1; returns must not look like percent.
void check_values(CsvTable& table, std::span<const int> columns, std::span<const std::size_t> rows,
                  const Eigen::MatrixXd& values, int frequency, bool prices, std::optional<Unit> unit) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (std::find(columns.begin(), columns.begin() + std::ptrdiff_t(j), columns[j]) !=
        columns.begin() + std::ptrdiff_t(j)) {
      continue;  // two assets of one series: its problems once
    }
    Eigen::Index column = Eigen::Index(j);
    if (!prices && frequency > 0) {
      std::vector<double> all;
      for (std::size_t row : rows) all.push_back(values(Eigen::Index(row), column));
      std::string wrong_unit = check_return_unit(std::move(all), frequency, unit);
      if (!wrong_unit.empty()) {
        const std::string& name = table.headers()[std::size_t(columns[j])];
        table.header_problem(columns[j], fmt::format("the series '{}' {}", name, wrong_unit));
        continue;
      }
    }
    for (std::size_t row : rows) {
      double value = values(Eigen::Index(row), column);
      if (prices && !(value > 0)) {
        table.problem(row, columns[j], fmt::format("the price {} is not positive", value));
      } else if (!prices && !(value > (unit == Unit::percent ? -100 : -1))) {
        table.problem(row, columns[j],
                      fmt::format("the return {} loses everything or more (simple returns are above {})", value,
                                  unit == Unit::percent ? "-100 percent" : "-1"));
      }
    }
  }
}

}  // namespace

ReturnRows read_return_rows(const SeriesFile& parameters, bool prices, const std::vector<std::string>& series,
                            std::optional<Date> valuation, InputFiles& files) {
  const InputFiles::File& file = files.read(parameters.file);
  CsvTable table(file);

  std::vector<int> columns;
  for (const std::string& name : series) {
    int column = table.find_column(name);
    bool known = column >= 0 && std::find(columns.begin(), columns.end(), column) != columns.end();
    columns.push_back(known ? column : table.require_column(name));
  }
  std::vector<int> found = columns, distinct;
  std::erase(found, -1);
  std::sort(found.begin(), found.end());
  std::unique_copy(found.begin(), found.end(), std::back_inserter(distinct));
  Eigen::MatrixXd read = table.numbers(distinct, parameters.missing);
  DateColumn date_column = read_dates(table);
  table.throw_problems();

  Eigen::MatrixXd values(read.rows(), Eigen::Index(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    auto place = std::lower_bound(distinct.begin(), distinct.end(), columns[j]) - distinct.begin();
    values.col(Eigen::Index(j)) = read.col(place);
  }
  std::vector<std::size_t> rows = complete_rows(values);
  std::vector<Date> dates;
  for (std::size_t row : rows) dates.push_back(date_column.dates[row]);

  ReturnRows result;
  result.file = file.name;
  result.frequency = check_calendar(table, date_column.column, rows, dates);
  check_values(table, columns, rows, values, result.frequency, prices, parameters.unit);
  table.throw_problems();

  std::size_t left_out = table.rows() - rows.size();
  if (left_out > 0) {
    result.notes.push_back(
        fmt::format("{}: {} of {} rows left out, with a missing value", file.name, left_out, table.rows()));
  }
  std::size_t used = std::size_t(valuation ? std::upper_bound(dates.begin(), dates.end(), *valuation) - dates.begin()
                                           : std::ptrdiff_t(dates.size()));
  if (used < dates.size()) {
    result.notes.push_back(fmt::format("{}: rows after the valuation date {}, not used: {}", file.name,
                                       to_string(*valuation), dates.size() - used));
  }

  std::size_t first = prices ? 1 : 0;  // a first price only starts the first return
  if (prices && used > 0) result.base = dates[0];
  if (used < first) used = first;
  result.dates.assign(dates.begin() + std::ptrdiff_t(first), dates.begin() + std::ptrdiff_t(used));
  result.returns.resize(Eigen::Index(used - first), values.cols());
  double unit = parameters.unit == Unit::percent ? 0.01 : 1.0;
  for (std::size_t i = first; i < used; ++i) {
    auto now = values.row(Eigen::Index(rows[i]));
    auto target = result.returns.row(Eigen::Index(i - first));
    if (prices) {
      target = now.array() / values.row(Eigen::Index(rows[i - 1])).array() - 1.0;
    } else {
      target = now * unit;
    }
  }
  return result;
}

ReturnRows read_inflation_rows(const InflationFile& parameters, std::optional<Date> valuation, InputFiles& files) {
  SeriesFile file{parameters.file, parameters.unit, parameters.missing};
  return read_return_rows(file, parameters.kind == InflationQuote::index, {parameters.series}, valuation, files);
}

}  // namespace ballast
