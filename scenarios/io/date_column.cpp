#include "scenarios/io/date_column.h"

#include <algorithm>
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

/// Three numbers between slashes, dots or hyphens: a day and a month in one order or the other, then a year.
struct DayMonthYear {
  int first = 0, second = 0, year = 0;
  bool short_year = false;  ///< of two digits, which do not tell the century
};
std::optional<DayMonthYear> parse_day_month_year(std::string_view text) {
  DayMonthYear parts;
  const std::size_t at = text.find_first_not_of("0123456789");
  if (at == std::string_view::npos || std::string_view("/.-").find(text[at]) == std::string_view::npos) {
    return std::nullopt;
  }
  const char separator = text[at];
  for (int* part : {&parts.first, &parts.second, &parts.year}) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
    const auto length = std::size_t(end - text.data());
    const bool last = part == &parts.year;
    if (error != std::errc{} || *part < 0 || (!last && (*part < 1 || length > 2))) return std::nullopt;
    if (last && length != 2 && (length != 4 || *part < 1000)) return std::nullopt;
    parts.short_year = last && length == 2;
    text.remove_prefix(length);
    if (last != text.empty() || (!last && text.front() != separator)) return std::nullopt;
    if (!last) text.remove_prefix(1);
  }
  return parts;
}

/// What is wrong with a text that parse_dates cannot read, and how to write it.
std::string not_a_date(const std::string& text) {
  const std::optional<DayMonthYear> parts = parse_day_month_year(text);
  if (parts && parts->short_year) {
    return fmt::format(
        "'{}' has a year of two digits (which do not tell the century); write it with four, as "
        "2025-12-31 or 31/12/2025 (in a spreadsheet: format the column as YYYY-MM-DD)",
        text);
  }
  if (parts && parts->first <= 12 && parts->second <= 12) {
    return fmt::format("'{}' does not tell the day from the month (nor do the other dates); write it as 2025-12-31",
                       text);
  }
  if (text.size() == 5 && text.find_first_not_of("0123456789") == std::string::npos) {
    return fmt::format(
        "'{}' is not a date (it looks like a spreadsheet's count of days); format the column as "
        "YYYY-MM-DD",
        text);
  }
  return fmt::format("'{}' is not a date; write it as 2025-12-31 (or 2025-12 for a month)", text);
}

std::optional<Date> date_of(int year, int month, int day) {
  return parse_date(fmt::format("{:04}-{:02}-{:02}", year, month, day));
}

}  // namespace

std::vector<std::optional<Date>> parse_dates(const std::vector<std::string>& texts) {
  bool month_first = true, day_first = true;
  std::vector<std::optional<DayMonthYear>> parts;
  for (const std::string& text : texts) {
    parts.push_back(parse_day_month_year(text));
    if (!parts.back()) continue;
    month_first = month_first && parts.back()->first <= 12;
    day_first = day_first && parts.back()->second <= 12;
  }
  std::vector<std::optional<Date>> dates;
  for (std::size_t k = 0; k < texts.size(); ++k) {
    if (!parts[k]) {
      dates.push_back(parse_date(texts[k]));
    } else if (month_first == day_first || parts[k]->short_year) {
      dates.push_back(std::nullopt);
    } else {
      dates.push_back(month_first ? date_of(parts[k]->year, parts[k]->first, parts[k]->second)
                                  : date_of(parts[k]->year, parts[k]->second, parts[k]->first));
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
  // One problem stands for a column in another form.
  const bool none_read =
      months.empty() && std::none_of(dates.begin(), dates.end(), [](auto& date) { return bool(date); });
  Date last{};
  std::size_t last_row = table.rows();  // none yet
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::optional<Date> date = dates[row];
    found.dates.push_back(date.value_or(Date{}));
    if (!date) {
      if (!table.complete(row)) continue;  // reported as ragged
      if (!months.empty()) {
        table.problem(row, found.column, fmt::format("year '{}' and month '{}' are no date", texts[row], months[row]));
      } else if (none_read && table.rows() > 1) {
        if (row > 0) continue;
        table.problem(row, found.column,
                      fmt::format("{}; none of the {} dates can be read", not_a_date(texts[row]), table.rows()));
      } else if (texts[row].empty()) {
        table.problem(row, found.column, "the date is empty");
      } else {
        table.problem(row, found.column, not_a_date(texts[row]));
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
