#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/date.h"
#include "scenarios/io/csv.h"
#include "scenarios/io/input_files.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/curve_quotes.h"
#include "scenarios/market/market_parameters.h"

namespace ballast {

/// The rows of a file of returns or prices, checked, in its own frequency, without gaps.
struct ReturnRows {
  std::string file;
  int frequency = 0;         ///< 1, 2, 4, 12, 52 or 252 rows a year, by the median gap
  std::optional<Date> base;  ///< date of the first price: where the first return starts
  std::vector<Date> dates;   ///< of the ends of the returns, ascending
  Eigen::MatrixXd returns;   ///< rows x series, simple
  std::vector<std::string> notes;
};

/// Reads `series` of a file of returns, or of prices as simple returns between rows. Rows with a missing value are
/// left out where that is declared. Rows after `valuation` are checked, but left out. Throws InputError with every
/// problem of the file: the cells', numbers that look like percent without a unit (quote_checks.h), a return
/// of -100% or less, a price that is not positive, a period without a row or with two.
ReturnRows read_return_rows(const SeriesFile& parameters, bool prices, const std::vector<std::string>& series,
                            std::optional<Date> valuation, InputFiles& files);

/// The same of market.inflation: its one column is simple inflation.
ReturnRows read_inflation_rows(const InflationFile& parameters, std::optional<Date> valuation, InputFiles& files);

/// The rows of a file of credit spreads, checked, as decimals.
struct SpreadRows {
  std::string file;
  int frequency = 0;
  std::vector<Date> dates;
  Eigen::MatrixXd levels;  ///< rows x spreads
  std::vector<std::string> notes;
};

/// Reads `spreads`, distinct columns of the file; as read_return_rows does. A spread that is not positive is a problem.
SpreadRows read_spread_rows(const SpreadFile& parameters, const std::vector<std::string>& spreads,
                            std::optional<Date> valuation, InputFiles& files);

/// The rows of a curve history: quotes as decimals at ascending tenors, NaN where missing.
struct CurveRows {
  std::string file;
  int frequency = 0;
  std::vector<double> tenors;
  std::vector<Date> dates;
  std::vector<int> lines;  ///< of the rows in the file
  Eigen::MatrixXd quotes;  ///< rows x tenors
  Quote quote = Quote::zero;
  Compounding compounding = Compounding::annual;
  CurveMethodRequest request;
  std::vector<std::string> notes;
};

/// Reads a curve history; as read_return_rows does.
CurveRows read_curve_rows(const CurveFile& parameters, std::optional<Date> valuation, InputFiles& files);

/// The quotes of one row, of the tenors that it has. Throws InputError naming the row when no curve has their prices.
CurveQuotes quotes_of_row(const CurveRows& rows, std::size_t row);

/// The curve of one row. Zero rates and discount factors of a complete row are taken as they are, whatever would lie
/// between them.
YieldCurve curve_of_row(const CurveRows& rows, std::size_t row);

/// Reads a curve with the columns Maturity and Rate, made so that it has a curve.
CurveQuotes read_curve_file(const CurveFile& parameters, std::optional<Date> valuation, InputFiles& files);

}  // namespace ballast
