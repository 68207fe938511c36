#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/base/describe.h"

namespace ballast {

/// A calendar day (proleptic Gregorian), counted from 1970-01-01.
struct Date {
  int days = 0;
  auto operator<=>(const Date&) const = default;
};

struct YearMonthDay {
  int year;
  int month;  ///< 1..12
  int day;    ///< 1..31
};

Date to_date(YearMonthDay ymd);
YearMonthDay to_ymd(Date date);

/// "2025-12-31". A month alone ("2025-12", "202512") is its last day; "20251231" too is read. Empty when it is no such
/// date.
std::optional<Date> parse_date(std::string_view text);

std::string to_string(Date date);  ///< "2025-12-31"

Date month_end(Date date);  ///< last day of the date's month

/// The same day `months` later; the last day of a shorter month; a month end stays a month end.
Date add_months_end_of_month(Date date, int months);

/// ACT/365F: days between, over 365.
double year_fraction(Date from, Date to);

/// ISDA 2006 definitions, section 4.16: (d), (e), (b) and (f).
enum class DayCount { act_365f, act_360, act_act, thirty_360 };
template <>
struct EnumNames<DayCount> {
  static constexpr const char* value[] = {"act_365f", "act_360", "act_act", "thirty_360"};
};
double year_fraction(Date from, Date to, DayCount count);

}  // namespace ballast
