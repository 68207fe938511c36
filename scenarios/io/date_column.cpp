#include "scenarios/io/date_column.h"

#include <charconv>
#include <string_view>

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

/// Two numbers and a year of four digits, between slashes.
struct SlashedDate {
  int first = 0, second = 0, year = 0;
};
std::optional<SlashedDate> parse_slashed(std::string_view text) {
  SlashedDate parts;
  for (int* part : {&parts.first, &parts.second, &parts.year}) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
    if (error != std::errc{} || *part < 1) return std::nullopt;
    text.remove_prefix(std::size_t(end - text.data()));
    const bool last = part == &parts.year;
    if (last != text.empty() || (!last && text.front() != '/')) return std::nullopt;
    if (!last) text.remove_prefix(1);
  }
  return parts.year >= 1000 && parts.year <= 9999 ? std::optional(parts) : std::nullopt;
}

std::optional<Date> date_of(int year, int month, int day) {
  return parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day));
}

}  // namespace

std::vector<std::optional<Date>> parse_dates(const std::vector<std::string>& texts) {
  bool month_first = true, day_first = true;
  for (const std::string& text : texts) {
    const std::optional<SlashedDate> slashed = parse_slashed(text);
    if (!slashed) continue;
    month_first = month_first && slashed->first <= 12;
    day_first = day_first && slashed->second <= 12;
  }
  std::vector<std::optional<Date>> dates;
  for (const std::string& text : texts) {
    const std::optional<SlashedDate> slashed = parse_slashed(text);
    if (!slashed) {
      dates.push_back(parse_date(text));
    } else if (month_first == day_first) {
      dates.push_back(std::nullopt);
    } else {
      dates.push_back(month_first ? date_of(slashed->year, slashed->first, slashed->second)
                                  : date_of(slashed->year, slashed->second, slashed->first));
    }
  }
  return dates;
}

void oldest_first(CsvTable& table) {
  const DateColumn found = find_date_columns(table);
  if (found.column < 0 || found.month_column >= 0 || table.rows() < 2) return;
  const std::vector<std::optional<Date>> dates = parse_dates(table.texts(found.column));
  for (std::size_t row = 0; row < dates.size(); ++row) {
    if (!dates[row] || (row > 0 && *dates[row] >= *dates[row - 1])) return;
  }
  table.reverse_rows();
}

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
  std::vector<std::string> joined = texts;
  for (std::size_t row = 0; row < months.size(); ++row) joined[row] = joined_month(texts[row], months[row]);
  const std::vector<std::optional<Date>> dates = parse_dates(joined);
  Date last{};
  std::size_t last_row = table.rows();  // none yet
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::optional<Date> date = dates[row];
    found.dates.push_back(date.value_or(Date{}));
    if (!date) {
      if (!table.complete(row)) continue;  // reported as ragged
      if (!months.empty()) {
        table.problem(row, found.column, fmt::format("year '{}' and month '{}' are no date", texts[row], months[row]));
      } else if (texts[row].empty()) {
        table.problem(row, found.column, "the date is empty");
      } else if (parse_slashed(texts[row])) {
        table.problem(row, found.column,
                      fmt::format("'{}' does not tell the day from the month (nor do the other dates); write it as "
                                  "2025-12-31",
                                  texts[row]));
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
