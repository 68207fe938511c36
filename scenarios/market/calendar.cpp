#include "scenarios/market/calendar.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

struct Frequency {
  int periods_per_year;
  const char* name;
  const char* noun;
  int longest_gap;  ///< days; a longer median gap is of the next frequency
};
constexpr Frequency kFrequencies[] = {
    {252, "daily", "day", 4},         {52, "weekly", "week", 10},           {12, "monthly", "month", 45},
    {4, "quarterly", "quarter", 135}, {2, "half-yearly", "half-year", 270}, {1, "annual", "year", 0}};

const Frequency& frequency(int periods_per_year) {
  for (const Frequency& f : kFrequencies) {
    if (f.periods_per_year == periods_per_year) return f;
  }
  throw std::logic_error("no such calendar frequency");
}

int floor_divide(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

}  // namespace

bool is_known_frequency(int periods_per_year) {
  return std::any_of(std::begin(kFrequencies), std::end(kFrequencies),
                     [&](const Frequency& f) { return f.periods_per_year == periods_per_year; });
}

const char* frequency_name(int periods_per_year) { return frequency(periods_per_year).name; }
const char* period_noun(int periods_per_year) { return frequency(periods_per_year).noun; }

int detect_frequency(std::span<const Date> dates) {
  BALLAST_EXPECTS(dates.size() >= 2);
  std::vector<int> gaps;
  for (std::size_t i = 1; i < dates.size(); ++i) gaps.push_back(dates[i].days - dates[i - 1].days);
  auto middle = gaps.begin() + std::ptrdiff_t(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  for (const Frequency& f : kFrequencies) {
    if (*middle <= f.longest_gap) return f.periods_per_year;
  }
  return 1;
}

int period_index(Date date, int periods_per_year) {
  BALLAST_EXPECTS(periods_per_year != 252);
  if (periods_per_year == 52) return floor_divide(date.days + 3, 7);  // 1970-01-01 was a Thursday
  YearMonthDay d = to_ymd(date);
  return (12 * d.year + d.month - 1) / (12 / periods_per_year);
}

Date period_end(int index, int periods_per_year) {
  BALLAST_EXPECTS(periods_per_year != 252);
  if (periods_per_year == 52) return Date{7 * index + 3};
  int month = (index + 1) * (12 / periods_per_year) - 1;
  return month_end(to_date({month / 12, month % 12 + 1, 1}));
}

std::string period_name(int index, int periods_per_year) {
  int f = periods_per_year;
  switch (f) {
    case 1:
      return fmt::format("{:04}", index);
    case 2:
      return fmt::format("{:04}-H{}", index / 2, index % 2 + 1);
    case 4:
      return fmt::format("{:04}-Q{}", index / 4, index % 4 + 1);
    case 12:
      return fmt::format("{:04}-{:02}", index / 12, index % 12 + 1);
    default:
      return "the week to " + to_string(period_end(index, f));
  }
}

}  // namespace ballast
