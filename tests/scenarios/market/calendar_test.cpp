#include "scenarios/market/calendar.h"

#include <vector>

#include <doctest/doctest.h>

using namespace ballast;

namespace {
Date day(const char* text) { return *parse_date(text); }
}  // namespace

TEST_CASE("every day lies in one period, which ends where the next begins") {
  for (int f : {1, 2, 4, 12, 52}) {
    for (int days = -800; days < 800; ++days) {
      int index = period_index(Date{days}, f);
      CHECK(period_end(index, f).days >= days);
      CHECK(period_end(index - 1, f).days < days);
    }
  }
}

TEST_CASE("periods have the names and ends of the calendar") {
  auto name = [](const char* date, int f) { return period_name(period_index(day(date), f), f); };
  CHECK(name("2024-03-31", 12) == "2024-03");
  CHECK(name("2024-12-31", 12) == "2024-12");
  CHECK(name("2024-04-01", 4) == "2024-Q2");
  CHECK(name("2024-06-30", 2) == "2024-H1");
  CHECK(name("2024-07-01", 1) == "2024");
  CHECK(name("2024-01-01", 52) == "the week to 2024-01-07");  // a Monday
  CHECK(to_string(period_end(period_index(day("2024-02-03"), 12), 12)) == "2024-02-29");
  CHECK(to_string(period_end(period_index(day("2024-02-03"), 4), 4)) == "2024-03-31");
}

TEST_CASE("the frequency is that of the median gap") {
  auto every = [](int days, int count = 20) {
    std::vector<Date> dates;
    for (int i = 0; i < count; ++i) dates.push_back(Date{i * days});
    return detect_frequency(dates);
  };
  CHECK(every(1) == 252);
  CHECK(every(7) == 52);
  CHECK(every(30) == 12);
  CHECK(every(91) == 4);
  CHECK(every(182) == 2);
  CHECK(every(365) == 1);
  // Business days with week-ends and a holiday.
  CHECK(detect_frequency(std::vector<Date>{day("2024-01-04"), day("2024-01-05"), day("2024-01-08"), day("2024-01-09"),
                                           day("2024-01-16")}) == 252);
}
