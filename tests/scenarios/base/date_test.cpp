#include "scenarios/base/date.h"

#include <doctest/doctest.h>

using namespace ballast;

TEST_CASE("dates are read in the forms that data files use") {
  CHECK(to_string(*parse_date("2024-02-29")) == "2024-02-29");
  CHECK(to_string(*parse_date("20240229")) == "2024-02-29");
  CHECK(to_string(*parse_date("195305")) == "1953-05-31");
  CHECK(to_string(*parse_date("2023-02")) == "2023-02-28");
  CHECK(parse_date("1970-01-01")->days == 0);
}

TEST_CASE("what is no date is refused") {
  for (const char* text :
       {"2023-02-29", "2023-13-01", "2023-00-10", "23-01-01", "2023/01/01", "", "2023", "2023-1-1", "195313"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("months are added keeping month ends") {
  auto plus = [](const char* from, int months) {
    return to_string(add_months_end_of_month(*parse_date(from), months));
  };
  CHECK(plus("2023-01-31", 1) == "2023-02-28");
  CHECK(plus("2023-02-28", 12) == "2024-02-29");  // a month end stays one
  CHECK(plus("2023-01-30", 1) == "2023-02-28");
  CHECK(plus("2023-11-15", 2) == "2024-01-15");
  CHECK(plus("2024-03-31", -1) == "2024-02-29");
}

TEST_CASE("ACT/365F counts leap days") {
  CHECK(year_fraction(*parse_date("2023-12-31"), *parse_date("2024-12-31")) ==
        doctest::Approx(366.0 / 365.0).epsilon(1e-15));
}
