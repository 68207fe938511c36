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

/// The rows without a missing value, in time; those up to the valuation date are used.
struct UsedRows {
  std::vector<std::size_t> complete;
  std::vector<Date> dates;  ///< of the complete rows
  std::size_t used = 0;
  int frequency = 0;
};

UsedRows used_rows(CsvTable& table, const std::string& name, const Eigen::MatrixXd& values,
                   const DateColumn& date_column, std::optional<Date> valuation, std::vector<std::string>& notes) {
  UsedRows rows;
  rows.complete = complete_rows(values);
  for (std::size_t row : rows.complete) rows.dates.push_back(date_column.dates[row]);
  rows.frequency = check_calendar(table, date_column.column, rows.complete, rows.dates);
  std::size_t left_out = table.rows() - rows.complete.size();
  if (left_out > 0) {
    notes.push_back(fmt::format("{}: {} of {} rows left out, with a missing value", name, left_out, table.rows()));
  }
  auto end = valuation ? std::upper_bound(rows.dates.begin(), rows.dates.end(), *valuation) : rows.dates.end();
  rows.used = std::size_t(end - rows.dates.begin());
  if (rows.used < rows.dates.size()) {
    notes.push_back(fmt::format("{}: rows after the valuation date {}, not used: {}", name, to_string(*valuation),
                                rows.dates.size() - rows.used));
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
    const auto negative = std::size_t(std::count_if(
        rows.begin(), rows.end(), [&](std::size_t row) { return !(values(Eigen::Index(row), column) > 0); }));
    if (prices && negative >= 3 && 50 * negative > rows.size()) {
      table.header_problem(
          columns[j], fmt::format("{} of the {} values of '{}' are not positive (levels of prices are, changes are "
                                  "not); if they are changes, give them as `returns`, or inflation as `kind: rate`",
                                  negative, rows.size(), table.headers()[std::size_t(columns[j])]));
      continue;
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
  oldest_first(table);

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
  ReturnRows result;
  result.file = file.name;
  UsedRows rows = used_rows(table, file.name, values, date_column, valuation, result.notes);
  result.frequency = rows.frequency;
  check_values(table, columns, rows.complete, values, result.frequency, prices, parameters.unit);
  table.throw_problems();

  std::size_t first = prices ? 1 : 0;  // a first price only starts the first return
  std::size_t used = std::max(rows.used, first);
  if (prices && rows.used > 0) result.base = rows.dates[0];
  result.dates.assign(rows.dates.begin() + std::ptrdiff_t(first), rows.dates.begin() + std::ptrdiff_t(used));
  result.returns.resize(Eigen::Index(used - first), values.cols());
  double unit = parameters.unit == Unit::percent ? 0.01 : 1.0;
  for (std::size_t i = first; i < used; ++i) {
    auto now = values.row(Eigen::Index(rows.complete[i]));
    auto target = result.returns.row(Eigen::Index(i - first));
    if (prices) {
      target = now.array() / values.row(Eigen::Index(rows.complete[i - 1])).array() - 1.0;
    } else {
      target = now * unit;
    }
  }
  return result;
}

SpreadRows read_spread_rows(const SpreadFile& parameters, const std::vector<std::string>& spreads,
                            std::optional<Date> valuation, InputFiles& files) {
  const InputFiles::File& file = files.read(parameters.file);
  CsvTable table(file);
  oldest_first(table);
  std::vector<int> columns;
  for (const std::string& name : spreads) columns.push_back(table.require_column(name));
  if (std::find(columns.begin(), columns.end(), -1) != columns.end()) table.throw_problems();
  Eigen::MatrixXd values = table.numbers(columns, parameters.missing);
  DateColumn date_column = read_dates(table);
  table.throw_problems();

  SpreadRows result;
  result.file = file.name;
  UsedRows rows = used_rows(table, file.name, values, date_column, valuation, result.notes);
  result.frequency = rows.frequency;
  std::vector<double> all;
  for (std::size_t row : rows.complete) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      double value = values(Eigen::Index(row), Eigen::Index(j));
      all.push_back(value);
      if (!(value > 0)) table.problem(row, columns[j], fmt::format("the spread {} is not positive", value));
    }
  }
  std::string wrong_unit = check_rate_unit(std::move(all), Quote::zero, parameters.unit);
  if (!wrong_unit.empty()) table.header_problem(columns[0], fmt::format("the file of spreads {}", wrong_unit));
  table.throw_problems();

  double unit = parameters.unit == Unit::percent ? 0.01 : 1.0;
  result.dates.assign(rows.dates.begin(), rows.dates.begin() + std::ptrdiff_t(rows.used));
  result.levels.resize(Eigen::Index(rows.used), values.cols());
  for (std::size_t i = 0; i < rows.used; ++i) {
    result.levels.row(Eigen::Index(i)) = values.row(Eigen::Index(rows.complete[i])) * unit;
  }
  return result;
}

ReturnRows read_inflation_rows(const InflationFile& parameters, std::optional<Date> valuation, InputFiles& files) {
  SeriesFile file{parameters.file, parameters.unit, parameters.missing};
  return read_return_rows(file, parameters.kind == InflationQuote::index, {parameters.series}, valuation, files);
}

}  // namespace ballast
