#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/date.h"
#include "scenarios/market/history_files.h"

namespace ballast {

/// Periods that returns and curves have in common. Without a file its part is empty.
struct AlignedPeriods {
  Date start;                           ///< where the first period begins
  std::vector<Date> ends;               ///< T, ascending
  Eigen::MatrixXd returns;              ///< T x series
  Eigen::VectorXd inflation;            ///< T
  Eigen::MatrixXd spreads;              ///< (T + 1) x spreads: at the start of each period and at the end
  std::vector<std::size_t> curve_rows;  ///< T + 1 rows of the curve history: at the start of each period and at the end
};

/// Brings rows to calendar periods (1, 2, 4, 12 or 52 a year) and keeps those in which the returns are known, and the
/// curve at start and end. Returns are compounded over the rows of a period; its curve is the last in it. A first or
/// last period that its rows do not fill is left out, with a note: daily rows must begin in the first 5 days of a
/// period and end in its last 5 (of a week: Monday or Tuesday, and Thursday or later), weekly ones 7 days; monthly and
/// coarser ones must all be there. Period ends are calendar days (of weeks, the last row's), so that the last business
/// day of a month, its last day and "2024-03" are one. Throws InputError when a file is coarser than that.
AlignedPeriods align_calendar_periods(const ReturnRows* returns, const CurveRows* curves, int periods_per_year,
                                      std::vector<std::string>& notes);

/// The same for trading days: a period ends on each day on which both files have a row; returns over days without a
/// curve are compounded into the next.
AlignedPeriods align_days(const ReturnRows* returns, const CurveRows* curves, std::vector<std::string>& notes);

/// Adds inflation, brought to the same calendar periods (52 or fewer a year; published consumer prices are monthly at
/// best), and leaves out periods at either end without it. Throws InputError when the file is coarser than the periods.
void align_inflation(const ReturnRows& inflation, int periods_per_year, AlignedPeriods& periods,
                     std::vector<std::string>& notes);

/// Adds credit spreads: of calendar periods the last in each, of trading days the last within 5 days. Leaves out
/// periods at either end without them. Throws InputError when the file is coarser than the periods, or has a hole.
void align_spreads(const SpreadRows& spreads, int periods_per_year, AlignedPeriods& periods,
                   std::vector<std::string>& notes);

/// Keeps `count` periods from number `first` on.
void keep_periods(AlignedPeriods& periods, Eigen::Index first, Eigen::Index count);

}  // namespace ballast
