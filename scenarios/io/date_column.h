#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/date.h"
#include "scenarios/io/csv.h"

namespace ballast {

/// The dates of a table's rows, and the columns that they were read from.
struct DateColumn {
  int column = -1;
  int month_column = -1;    ///< with a `year` column: its `month`
  std::vector<Date> dates;  ///< one a row
};

/// Finds the columns of dates without reading them: headed date, yyyymm, month or time, or a pair `year` and `month`
/// (in any case), or an unnamed first column (as pandas writes an index), or else the first column when its first cell
/// is a date; column -1 when there is none.
DateColumn find_date_columns(const CsvTable& table);

/// Dates as texts, in the forms of parse_date, or with slashes, dots or hyphens and the year last (12/31/2025,
/// 31.12.2025) where the texts together show which number is the month: none of the others is then above 12 alone.
/// Empty: no date, or one that could be two.
std::vector<std::optional<Date>> parse_dates(const std::vector<std::string>& texts);

/// Turns a table around whose rows run from the newest date to the oldest, as the US Treasury's do. Any other order is
/// left as it is.
void oldest_first(CsvTable& table);

enum class DateOrder { ascending, any };

/// Reads the dates of find_date_columns, in the forms of parse_dates; a month stands for its last day. With
/// DateOrder::ascending, dates out of order or twice are problems. Problems are recorded in the table and thrown (the
/// rows mean nothing without their dates), together with those recorded before.
DateColumn read_dates(CsvTable& table, DateOrder order = DateOrder::ascending);

}  // namespace ballast
