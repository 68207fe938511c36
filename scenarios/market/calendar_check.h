#pragma once

#include <span>
#include <vector>

#include "scenarios/base/date.h"
#include "scenarios/io/csv.h"

namespace ballast {

/// Detects the frequency of a history's rows and records as problems of the table: fewer than two rows, a period
/// without a row (in a daily history more than 14 days), and two rows in one period. Returns the frequency, 0 for fewer
/// than two rows. rows: the rows in use; dates: theirs.
int check_calendar(CsvTable& table, int date_column, std::span<const std::size_t> rows, std::span<const Date> dates);

}  // namespace ballast
