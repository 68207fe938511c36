#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/date.h"
#include "scenarios/io/input_files.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/curve_quotes.h"

namespace ballast {

/// Returns and curves over the same periods. Period i ends at dates[i] and starts at dates[i-1] (start for the first).
struct MarketHistory {
  int periods_per_year = 12;
  Date start;                       ///< where the first period begins
  std::vector<Date> dates;          ///< T period ends, ascending
  std::vector<std::string> series;  ///< N names, as the study asked for them
  Eigen::MatrixXd returns;          ///< T x N simple total returns over each period
  std::vector<double> tenors;       ///< M tenors in years, empty without a curve history
  Eigen::MatrixXd zero_rates;  ///< (T + 1) x M continuous zero rates: row i at the start of period i, row T at the end
  Eigen::VectorXd inflation;   ///< T, simple, over each period; empty without market.inflation
  std::vector<std::string> spread_names;  ///< K columns of market.spreads, as the study asked for them
  Eigen::MatrixXd spreads;                ///< (T + 1) x K: row i at the start of period i, row T at the end
  std::vector<std::string> notes;  ///< what a reader should be told: rows left out, aggregation from daily, window

  Eigen::Index periods() const { return returns.rows(); }
};

/// Reads and aligns the study's histories.
/// series: columns wanted of the returns (or prices) file; empty is allowed (then the dates come from the curve
/// history). periods_per_year: 1, 2, 4, 12, 52 or 252. Finer histories are compounded to calendar periods (years,
/// half-years, quarters, months, ISO weeks), incomplete ones at either end left out; see periods.h. With a curve
/// history a period counts only when its curve is known at start and end, and with market.inflation when its inflation
/// is, and with spreads (columns of market.spreads) when theirs are known at start and end. valuation: rows after it
/// are not used.
/// Errors: InputError with file:line:column, all of those found in the files at once (history_files.h names them); with
/// a key path when the files are right but do not fit the study: a history coarser than its steps, a window outside
/// the common history, fewer than 8 periods.
MarketHistory read_history(const MarketParameters& market, const std::vector<std::string>& series, int periods_per_year,
                           std::optional<Date> valuation, InputFiles& files,
                           const std::vector<std::string>& spreads = {});

/// The curve of `market.curve`, or else the last of the history at or before the valuation date, unless that is more
/// than a quarter old (of an annual history, more than 13 months).
YieldCurve read_curve(const MarketParameters& market, std::optional<Date> valuation, InputFiles& files);

/// The quotes that it is made of.
CurveQuotes read_curve_quotes(const MarketParameters& market, std::optional<Date> valuation, InputFiles& files);

/// The names of the series in the returns or prices file: all its columns but the dates.
std::vector<std::string> series_names(const MarketParameters& market, InputFiles& files);

}  // namespace ballast
