#include "scenarios/market/calendar_check.h"

#include <fmt/format.h>

#include "scenarios/market/calendar.h"

namespace ballast {
namespace {

/// Exchanges were closed for 6 days in September 2001; longer holidays last some 10 days.
constexpr int kLongestDailyGap = 14;

}  // namespace

int check_calendar(CsvTable& table, int date_column, std::span<const std::size_t> rows, std::span<const Date> dates) {
  if (rows.size() < 2) {
    table.file_problem(fmt::format("has {} usable row{}; a history needs more", rows.size(), rows.size() ? "" : "s"));
    return 0;
  }
  int frequency = detect_frequency(dates);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (frequency == 252) {
      if (dates[i].days - dates[i - 1].days > kLongestDailyGap) {
        table.problem(rows[i], date_column,
                      fmt::format("the daily history has no rows between {} and {}; add them", to_string(dates[i - 1]),
                                  to_string(dates[i])));
      }
      continue;
    }
    int before = period_index(dates[i - 1], frequency), now = period_index(dates[i], frequency);
    if (now == before) {
      table.problem(rows[i], date_column,
                    fmt::format("the {} history has two rows in {} (the other on line {})", frequency_name(frequency),
                                period_name(now, frequency), table.position(rows[i - 1], date_column).line));
    } else if (now == before + 2) {
      table.problem(rows[i], date_column,
                    fmt::format("the {} history has no row for {}; add it", frequency_name(frequency),
                                period_name(before + 1, frequency)));
    } else if (now > before + 2) {
      table.problem(rows[i], date_column,
                    fmt::format("the {} history has no rows from {} to {}; add them", frequency_name(frequency),
                                period_name(before + 1, frequency), period_name(now - 1, frequency)));
    }
  }
  return frequency;
}

}  // namespace ballast
