#pragma once

#include <map>
#include <vector>

#include <Eigen/Core>

#include "scenarios/io/csv.h"
#include "scenarios/market/market_parameters.h"

namespace ballast {

/// Quotes by date, ascending, and tenor, ascending; NaN where one is missing.
struct DatedQuotes {
  std::vector<double> tenors;
  std::vector<Date> dates;
  std::vector<std::size_t> table_rows;  ///< of each date, for messages
  Eigen::MatrixXd quotes;               ///< dates x tenors, as the file has them
  int date_column = -1, quote_column = -1;
};

/// Whether a file of curves has one observation a row, as the ECB's Data Portal writes it: KEY, TIME_PERIOD, OBS_VALUE.
bool is_long_curve_file(const CsvTable& table);

/// Reads such a file. Of its series those of spot rates are used (KEY ends in .SR_10Y), or of par yields (.PY_10Y) with
/// `quote: par`; forward rates and parameters are left out, and what `columns` does not name where it is given.
/// Problems, recorded in the table: two series of one tenor, two observations of one, one that is missing where
/// `missing` does not allow for it, no series at all.
DatedQuotes read_long_curve_file(CsvTable& table, const CurveFile& parameters);

}  // namespace ballast
