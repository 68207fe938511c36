#include "scenarios/io/date_column.h"

#include <charconv>

#include <fmt/format.h>

namespace ballast {
namespace {

/// "2023" and "2" (or "02") as 202302; "" when they are no whole numbers.
std::string joined_month(const std::string& year, const std::string& month) {
  int m = 0;
  auto [end, error] = std::from_chars(month.data(), month.data() + month.size(), m);
  if (error != std::errc{} || end != month.data() + month.size() || m < 1 || m > 12) return "";
  return fmt::format("{}{:02}", year, m);
}

}  // namespace

DateColumn find_date_columns(const CsvTable& table) {
  DateColumn found;
  int month = table.find_column("month");
  found.column = table.find_column("year");
  if (found.column >= 0 && month >= 0) {
    found.month_column = month;
    return found;
  }
  for (const char* name : {"date", "yyyymm", "month", "time"}) {
    found.column = table.find_column(name);
    if (found.column >= 0) return found;
  }
  if (table.headers()[0].empty() || parse_date(table.texts(0)[0])) found.column = 0;
  return found;
}

DateColumn read_dates(CsvTable& table, DateOrder order) {
  DateColumn found = find_date_columns(table);
  if (found.column < 0) {
    table.header_problem(0, "has no column of dates; head it 'Date' and write dates as 2025-12-31");
    table.throw_problems();
  }
  std::vector<std::string> texts = table.texts(found.column), months;
  if (found.month_column >= 0) months = table.texts(found.month_column);
  Date last{};
  std::size_t last_row = table.rows();  // none yet
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::optional<Date> date = parse_date(months.empty() ? texts[row] : joined_month(texts[row], months[row]));
    found.dates.push_back(date.value_or(Date{}));
    if (!date) {
      if (!table.complete(row)) continue;  // reported as ragged
      if (!months.empty()) {
        table.problem(row, found.column, fmt::format("year '{}' and month '{}' are no date", texts[row], months[row]));
      } else if (texts[row].empty()) {
        table.problem(row, found.column, "the date is empty");
      } else {
        table.problem(row, found.column,
                      fmt::format("'{}' is not a date; write it as 2025-12-31 (or 2025-12 for a month)", texts[row]));
      }
      continue;
    }
    if (order == DateOrder::ascending && last_row < table.rows()) {
      int line = table.position(last_row, found.column).line;
      if (*date == last) {
        table.problem(row, found.column,
                      fmt::format("the date {} occurs twice (first on line {})", to_string(last), line));
      } else if (*date < last) {
        table.problem(row, found.column,
                      fmt::format("the date {} comes after {} (line {}); sort the rows by date", to_string(*date),
                                  to_string(last), line));
        continue;  // one row out of place is one problem
      }
    }
    last = *date;
    last_row = row;
  }
  if (table.has_problems()) table.throw_problems();
  return found;
}

}  // namespace ballast
