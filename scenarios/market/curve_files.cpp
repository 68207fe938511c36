#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/io/date_column.h"
#include "scenarios/market/calendar_check.h"
#include "scenarios/market/history_files.h"
#include "scenarios/market/long_curve_file.h"
#include "scenarios/market/quote_checks.h"
#include "scenarios/market/tenor_header.h"

namespace ballast {
namespace {

/// No market quotes longer tenors; more is a header in months.
constexpr double kLongestTenor = 120.0;

/// Columns of a curve history by ascending tenor. Wrong headers are problems of the table.
std::map<double, int> tenor_columns(CsvTable& table, const CurveFile& parameters) {
  std::map<double, int> columns;
  auto add = [&](double tenor, int column) {
    if (!(tenor > 0) || tenor > kLongestTenor) {
      table.header_problem(column,
                           fmt::format("the tenor {} is not above 0 and up to {} years; say `tenor_unit: months`, or "
                                       "map headers with `columns: {{header: years}}`",
                                       tenor, kLongestTenor));
      return;
    }
    auto [same, added] = columns.emplace(tenor, column);
    if (!added) {
      table.header_problem(
          column, fmt::format("the tenor {} has two columns, '{}' and '{}'", tenor,
                              table.headers()[std::size_t(same->second)], table.headers()[std::size_t(column)]));
    }
  };
  if (!parameters.columns.empty()) {
    for (const auto& [header, tenor] : parameters.columns) {
      int column = table.require_column(header);
      if (column >= 0) add(tenor, column);
    }
    return columns;
  }
  DateColumn dates = find_date_columns(table);
  std::vector<int> others;
  for (int column = 0; column < int(table.headers().size()); ++column) {
    if (column == dates.column || column == dates.month_column) continue;
    std::optional<double> tenor = tenor_of_header(table.headers()[std::size_t(column)], parameters.tenor_unit);
    if (tenor) {
      if (*tenor > 0) add(*tenor, column);
    } else {
      others.push_back(column);
    }
  }
  if (!others.empty()) {
    std::string name = table.headers()[std::size_t(others[0])];
    std::string rest = others.size() > 1 ? fmt::format(" (other such headers: {})", others.size() - 1) : "";
    table.header_problem(
        others[0], name.empty() ? std::string("the column has no header; head it by its tenor, or delete it")
                                : fmt::format("the header '{}' is not a tenor in years{}; name the columns to read "
                                              "and their tenors with `columns: {{{}: 1}}`",
                                              name, rest, name));
  } else if (columns.empty() && !table.has_problems()) {
    table.file_problem("has no columns of tenors; head them by the tenor in years");
  }
  return columns;
}

std::vector<double> all_values(const Eigen::MatrixXd& matrix) { return {matrix.data(), matrix.data() + matrix.size()}; }

std::string no_such_curve(Quote quote, const std::invalid_argument& why) {
  return fmt::format("no curve has these {} quotes ({})", name_of(quote), why.what());
}

InputError no_curve_of_row(const CurveRows& rows, std::size_t row, const std::invalid_argument& error) {
  Problem problem;
  problem.file = rows.file;
  problem.line = rows.lines[row];
  problem.column = 1;
  problem.message = no_such_curve(rows.quote, error);
  return InputError(std::move(problem));
}

}  // namespace

namespace {

/// A history with a column a tenor.
DatedQuotes read_wide_curve_file(CsvTable& table, const CurveFile& parameters) {
  oldest_first(table);
  DatedQuotes result;
  std::vector<int> columns;
  for (auto [tenor, column] : tenor_columns(table, parameters)) {
    if (parameters.last_tenor && tenor > *parameters.last_tenor + 1e-9) continue;
    result.tenors.push_back(tenor);
    columns.push_back(column);
  }
  if (columns.empty() && !table.has_problems()) table.file_problem("has no tenor up to last_tenor");
  result.quotes = table.numbers(columns, parameters.missing);
  DateColumn date_column = read_dates(table);
  result.date_column = date_column.column;
  result.quote_column = columns.empty() ? 0 : columns[0];
  result.dates = std::move(date_column.dates);
  for (std::size_t row = 0; row < table.rows(); ++row) result.table_rows.push_back(row);
  return result;
}

}  // namespace

CurveRows read_curve_rows(const CurveFile& parameters, std::optional<Date> valuation, InputFiles& files) {
  const InputFiles::File& file = files.read(parameters.file);
  CsvTable table(file);
  CurveRows result;
  result.file = file.name;
  result.quote = parameters.quote;
  result.compounding = parameters.compounding;
  result.request = parameters.method_request();
  const DatedQuotes read =
      is_long_curve_file(table) ? read_long_curve_file(table, parameters) : read_wide_curve_file(table, parameters);
  table.throw_problems();
  result.tenors = read.tenors;

  std::vector<std::size_t> rows, table_rows;  // of `read`, and of the file
  for (std::size_t row = 0; row < read.dates.size(); ++row) {
    if (read.quotes.row(Eigen::Index(row)).array().isNaN().all()) continue;
    rows.push_back(row);
    table_rows.push_back(read.table_rows[row]);
    result.dates.push_back(read.dates[row]);
    result.lines.push_back(table.position(read.table_rows[row], read.date_column).line);
  }
  result.frequency = check_calendar(table, read.date_column, table_rows, result.dates);
  std::string wrong_unit = check_rate_unit(all_values(read.quotes), parameters.quote, parameters.unit);
  if (!wrong_unit.empty()) {
    table.header_problem(read.quote_column, fmt::format("the curve history {}", wrong_unit));
  }
  table.throw_problems();

  if (const std::string& header = table.headers()[std::size_t(read.quote_column)];
      parameters.quote == Quote::zero && names_treasury_par_yield(header)) {
    result.notes.push_back(
        fmt::format("{}: read as zero rates, though '{}' names a par yield of the US Treasury; say `quote: par` and "
                    "`compounding: semiannual`",
                    file.name, header));
  }
  if (rows.size() < read.dates.size()) {
    result.notes.push_back(fmt::format("{}: {} of {} rows left out, without any rate", file.name,
                                       read.dates.size() - rows.size(), read.dates.size()));
  }
  if (valuation) {
    std::size_t used =
        std::size_t(std::upper_bound(result.dates.begin(), result.dates.end(), *valuation) - result.dates.begin());
    if (used < rows.size()) {
      result.notes.push_back(fmt::format("{}: rows after the valuation date {}, not used: {}", file.name,
                                         to_string(*valuation), rows.size() - used));
    }
    rows.resize(used);
    result.dates.resize(used);
    result.lines.resize(used);
  }
  result.quotes.resize(Eigen::Index(rows.size()), read.quotes.cols());
  double unit = parameters.unit == Unit::percent ? 0.01 : 1.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.quotes.row(Eigen::Index(i)) = read.quotes.row(Eigen::Index(rows[i])) * unit;
  }
  return result;
}

CurveQuotes quotes_of_row(const CurveRows& rows, std::size_t row) {
  CurveQuotes result{{}, {}, rows.quote, rows.compounding, rows.request};
  for (std::size_t k = 0; k < rows.tenors.size(); ++k) {
    double quote = rows.quotes(Eigen::Index(row), Eigen::Index(k));
    if (std::isnan(quote)) continue;
    result.tenors.push_back(rows.tenors[k]);
    result.quotes.push_back(quote);
  }
  try {
    result.curve();
  } catch (const std::invalid_argument& error) {
    throw no_curve_of_row(rows, row, error);
  }
  return result;
}

YieldCurve curve_of_row(const CurveRows& rows, std::size_t row) {
  CurveQuotes quotes{{}, {}, rows.quote, rows.compounding, rows.request};
  bool complete = true;
  for (std::size_t k = 0; k < rows.tenors.size(); ++k) {
    double quote = rows.quotes(Eigen::Index(row), Eigen::Index(k));
    complete = complete && !std::isnan(quote);
    if (std::isnan(quote)) continue;
    quotes.tenors.push_back(rows.tenors[k]);
    quotes.quotes.push_back(quote);
  }
  if (complete && (rows.quote == Quote::zero || rows.quote == Quote::discount)) quotes.request = {};
  try {
    return quotes.curve();
  } catch (const std::invalid_argument& error) {
    throw no_curve_of_row(rows, row, error);
  }
}

namespace {

/// Maturities in years: numbers, or dates counted from the valuation date. Problems are the table's.
std::vector<double> read_maturities(CsvTable& table, int column, const CurveFile& parameters,
                                    std::optional<Date> valuation) {
  std::vector<std::string> texts = table.texts(column);
  const std::vector<std::optional<Date>> dates = parse_dates(texts);
  const bool dated = !texts.empty() && !tenor_of_header(texts[0], parameters.tenor_unit) && dates[0];
  std::vector<double> years;
  if (!dated) {
    for (std::size_t row = 0; row < texts.size(); ++row) {
      const std::optional<double> tenor = tenor_of_header(texts[row], parameters.tenor_unit);
      if (!tenor && table.complete(row)) {
        table.problem(row, column,
                      fmt::format("'{}' is not a maturity; write it in years (0.5, 1/12), as a tenor (6 Mo, 10Y) or as "
                                  "a date",
                                  texts[row]));
      }
      years.push_back(tenor.value_or(NAN));
    }
    return years;
  }
  if (!valuation) {
    table.header_problem(column,
                         "the maturities are dates, and there is no valuation date to count from (dates are never "
                         "counted from today); give study.valuation_date, or maturities in years");
    return std::vector<double>(texts.size(), NAN);
  }
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::optional<Date> date = dates[row];
    if (!date) table.problem(row, column, fmt::format("'{}' is not a date", texts[row]));
    years.push_back(date ? year_fraction(*valuation, *date, parameters.day_count) : NAN);
  }
  return years;
}

}  // namespace

CurveQuotes read_curve_file(const CurveFile& parameters, std::optional<Date> valuation, InputFiles& files) {
  const InputFiles::File& file = files.read(parameters.file);
  CsvTable table(file);
  int maturity = table.require_column("Maturity"), rate = table.require_column("Rate");
  table.throw_problems();
  std::vector<double> maturities = read_maturities(table, maturity, parameters, valuation);
  Eigen::MatrixXd rates = table.numbers(std::vector<int>{rate}, parameters.missing);
  table.throw_problems();

  CurveQuotes result{{}, {}, parameters.quote, parameters.compounding, parameters.method_request()};
  std::vector<double>&tenors = result.tenors, &quotes = result.quotes;
  double last = 0.0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double tenor = maturities[row], quote = rates(Eigen::Index(row), 0);
    if (!(tenor > 0) || tenor > kLongestTenor) {
      table.problem(
          row, maturity,
          fmt::format(
              "the maturity {} is not above 0 and up to {} years; leave the row out, or say `tenor_unit: months`",
              tenor, kLongestTenor));
    } else if (tenor == last) {
      table.problem(row, maturity, fmt::format("the maturity {} occurs twice", tenor));
    } else if (tenor < last) {
      table.problem(row, maturity,
                    fmt::format("the maturity {} comes after {}; sort the rows by maturity", tenor, last));
    }
    last = tenor;
    if (std::isnan(quote) || (parameters.last_tenor && tenor > *parameters.last_tenor + 1e-9)) continue;
    tenors.push_back(tenor);
    quotes.push_back(quote);
  }
  if (quotes.empty()) table.file_problem("has no rates: all are missing, or beyond last_tenor");
  std::string wrong_unit = check_rate_unit(quotes, parameters.quote, parameters.unit);
  if (!wrong_unit.empty()) table.header_problem(rate, fmt::format("the curve {}", wrong_unit));
  table.throw_problems();

  double unit = parameters.unit == Unit::percent ? 0.01 : 1.0;
  for (double& quote : quotes) quote *= unit;
  try {
    result.curve();
    return result;
  } catch (const std::invalid_argument& error) {
    table.header_problem(rate, no_such_curve(parameters.quote, error));
    table.throw_problems();
    throw;
  }
}

}  // namespace ballast
