#include "scenarios/base/date.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

namespace ballast {
namespace {

namespace chr = std::chrono;

/// The whole of `text` as a number of exactly this many digits, or -1.
int digits(std::string_view text, std::size_t count) {
  if (text.size() != count) return -1;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

}  // namespace

Date to_date(YearMonthDay d) {
  chr::sys_days days = chr::year{d.year} / chr::month{unsigned(d.month)} / chr::day{unsigned(d.day)};
  return Date{int(days.time_since_epoch().count())};
}

YearMonthDay to_ymd(Date date) {
  chr::year_month_day d{chr::sys_days{chr::days{date.days}}};
  return {int(d.year()), int(unsigned(d.month())), int(unsigned(d.day()))};
}

std::optional<Date> parse_date(std::string_view text) {
  std::string_view y, m, d;
  bool month_only = false;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    y = text.substr(0, 4), m = text.substr(5, 2), d = text.substr(8, 2);
  } else if (text.size() == 8) {
    y = text.substr(0, 4), m = text.substr(4, 2), d = text.substr(6, 2);
  } else if (text.size() == 7 && text[4] == '-') {
    y = text.substr(0, 4), m = text.substr(5, 2), month_only = true;
  } else if (text.size() == 6) {
    y = text.substr(0, 4), m = text.substr(4, 2), month_only = true;
  } else {
    return std::nullopt;
  }
  int year = digits(y, 4), month = digits(m, 2), day = month_only ? 1 : digits(d, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  chr::year_month_day ymd{chr::year{year}, chr::month{unsigned(month)}, chr::day{unsigned(day)}};
  if (!ymd.ok()) return std::nullopt;
  Date date = to_date({year, month, day});
  return month_only ? month_end(date) : date;
}

std::string to_string(Date date) {
  YearMonthDay d = to_ymd(date);
  return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
}

Date month_end(Date date) {
  YearMonthDay d = to_ymd(date);
  chr::sys_days last = chr::year{d.year} / chr::month{unsigned(d.month)} / chr::last;
  return Date{int(last.time_since_epoch().count())};
}

Date add_months_end_of_month(Date date, int months) {
  YearMonthDay d = to_ymd(date);
  int index = d.year * 12 + (d.month - 1) + months;
  Date first = to_date({index / 12, index % 12 + 1, 1});
  Date last = month_end(first);
  if (date == month_end(date)) return last;
  int day = std::min(d.day, to_ymd(last).day);
  return Date{first.days + day - 1};
}

double year_fraction(Date from, Date to) { return (to.days - from.days) / 365.0; }

double year_fraction(Date from, Date to, DayCount count) {
  YearMonthDay a = to_ymd(from), b = to_ymd(to);
  switch (count) {
    case DayCount::act_365f:
      return year_fraction(from, to);
    case DayCount::act_360:
      return (to.days - from.days) / 360.0;
    case DayCount::act_act: {  // each day over the length of its year
      auto within = [](Date date, int year) {
        Date first = to_date({year, 1, 1});
        return double(date.days - first.days) / (to_date({year + 1, 1, 1}).days - first.days);
      };
      return b.year - a.year + within(to, b.year) - within(from, a.year);
    }
    case DayCount::thirty_360: {
      int first = std::min(a.day, 30), last = b.day == 31 && first == 30 ? 30 : b.day;
      return (360 * (b.year - a.year) + 30 * (b.month - a.month) + last - first) / 360.0;
    }
  }
  throw std::logic_error("unknown day count");
}

}  // namespace ballast
