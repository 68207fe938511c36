#include "scenarios/market/history.h"

#include <cmath>

#include <doctest/doctest.h>

#include "tests/scenarios/market/history_fixture.h"

using namespace ballast;
using namespace ballast::test;

TEST_CASE("monthly returns are read as they are") {
  MarketHistory h = read(market_of(true, false),
                         {{"r.csv", monthly("Date,note,X", 12, [](int i) { return "?," + return_text(i); })}});
  CHECK(h.periods() == 12);
  CHECK(to_string(h.start) == "2019-12-31");
  CHECK(to_string(h.dates.front()) == "2020-01-31");
  CHECK(to_string(h.dates.back()) == "2020-12-31");
  for (int i = 0; i < 12; ++i) CHECK(h.returns(i, 0) == std::stod(return_text(i)));
  CHECK(h.tenors.empty());
  CHECK(h.zero_rates.size() == 0);
}

TEST_CASE("returns and curves are aligned by month, with a curve at both ends of each period") {
  Contents files = {{"r.csv", monthly("Date,x", 12, return_text, 0, true)},  // business days
                    {"c.csv", monthly("Date,1,10", 14, rates_text, -3)}};    // 2019-10 to 2020-11
  MarketHistory h = read(market_of(true, true), files);
  CHECK(h.periods() == 11);
  CHECK(to_string(h.start) == "2019-12-31");
  CHECK(to_string(h.dates.back()) == "2020-11-30");
  REQUIRE(h.zero_rates.rows() == 12);
  CHECK(h.tenors == std::vector<double>{1, 10});
  CHECK(h.zero_rates(0, 0) == doctest::Approx(0.012).epsilon(1e-14));  // 2019-12 is the file's third row
  CHECK(h.zero_rates(11, 1) == doctest::Approx(0.043).epsilon(1e-14));
  CHECK(h.returns(0, 0) == doctest::Approx(monthly_return(0)).epsilon(1e-14));
}

TEST_CASE("inflation of a third file is aligned with returns and curves") {
  MarketParameters market = market_of(true, true);
  Contents files = {{"r.csv", monthly("Date,x", 30, return_text)}, {"c.csv", monthly("Date,1,10", 30, rates_text)}};
  market.inflation.emplace();
  market.inflation->file = {"cpi.csv"};
  market.inflation->series = "cpi";

  // Levels, which start after the returns and end before them: periods without inflation are left out.
  files["cpi.csv"] = monthly(
      "Date,other,CPI", 20, [](int i) { return fmt::format("x,{}", 100 + i * i); }, 5);
  MarketHistory h = read(market, files);
  REQUIRE(h.periods() == 19);
  CHECK(h.dates[0] == day("2020-07-31"));
  CHECK(h.start == day("2020-06-30"));
  CHECK(h.zero_rates.rows() == 20);
  for (int i = 0; i < 19; ++i) {
    CHECK(h.inflation[i] == doctest::Approx((100.0 + (i + 1) * (i + 1)) / (100.0 + i * i) - 1).epsilon(1e-14));
    CHECK(h.returns(i, 0) == doctest::Approx(monthly_return(i + 6)));
  }
  CHECK(has_note(h, "cpi.csv: periods left out, as their inflation is not known: 10"));

  // Rates, compounded to quarters.
  market.inflation->kind = InflationQuote::rate;
  files["cpi.csv"] = monthly("Date,CPI", 30, [](int i) { return fmt::format("{}", 0.0001 * i); });
  h = read(market, files, 4);
  REQUIRE(h.inflation.size() == h.periods());
  CHECK(h.inflation[0] == doctest::Approx(1.0003 * 1.0004 * 1.0005 - 1).epsilon(1e-13));

  CHECK(error_of(market, files, 252).find("market.inflation") != std::string::npos);
  files["cpi.csv"] = monthly("Date,CPI", 30, [](int i) { return fmt::format("{}", 0.3 + 0.01 * i); });
  CHECK(error_of(market, files).find("looks like percent") != std::string::npos);
}

TEST_CASE("a return whose period starts before the curves is left out") {
  Contents files = {{"r.csv", monthly("Date,x", 12, return_text)}, {"c.csv", monthly("Date,1,10", 12, rates_text)}};
  MarketHistory h = read(market_of(true, true), files);
  CHECK(h.periods() == 11);
  CHECK(to_string(h.start) == "2020-01-31");
  CHECK(h.returns(0, 0) == doctest::Approx(monthly_return(1)).epsilon(1e-14));
  CHECK(h.zero_rates(0, 0) == 0.01);
  CHECK(has_note(h, "c.csv: periods of returns left out before 2020-02, as their curves are not known: 1"));
}

TEST_CASE("without series the curve's dates rule") {
  MarketHistory h = read(market_of(false, true), {{"c.csv", monthly("Date,1,10", 12, rates_text)}}, 12, {}, {});
  CHECK(h.periods() == 11);
  CHECK(h.returns.rows() == 11);
  CHECK(h.returns.cols() == 0);
  CHECK(h.zero_rates.rows() == 12);
}

TEST_CASE("window and valuation date cut the history") {
  Contents files = {{"r.csv", monthly("Date,x", 24, return_text)}, {"c.csv", monthly("Date,1,10", 24, rates_text)}};
  MarketParameters market = market_of(true, true);
  market.window = {day("2020-03-31"), day("2021-03-30")};
  MarketHistory h = read(market, files, 12, day("2021-11-30"));
  CHECK(to_string(h.start) == "2020-02-29");
  CHECK(to_string(h.dates.front()) == "2020-03-31");
  CHECK(to_string(h.dates.back()) == "2021-02-28");
  CHECK(h.returns(0, 0) == doctest::Approx(monthly_return(2)).epsilon(1e-14));
  CHECK(h.zero_rates(0, 0) == doctest::Approx(0.011).epsilon(1e-14));
  CHECK(has_note(h, "r.csv: rows after the valuation date 2021-11-30, not used: 1"));

  market.window = {day("2019-12-31"), {}};
  CHECK(error_of(market, files) ==
        "error: market.window.from: 2019-12-31 is before the history (the period ends that the files have in common "
        "are 2020-02-29 to 2021-12-31); choose a later date, or leave it out");
  market.window = {{}, day("2022-01-31")};
  CHECK(error_of(market, files).find("market.window.to: 2022-01-31 is after the history") != std::string::npos);
  market.window = {day("2021-02-01"), day("2021-01-01")};
  CHECK(error_of(market, files) == "error: market.window.to: 2021-01-01 is before `from`, 2021-02-01");
  market.window = {day("2021-06-30"), {}};
  CHECK(error_of(market, files) ==
        "error: market.window: 7 monthly periods of history are left, at least 8 are needed (r.csv: 2020-01-31 to "
        "2021-12-31; c.csv: 2020-01-31 to 2021-12-31)");
}

TEST_CASE("prices become simple returns, and the first price starts the first") {
  MarketParameters market;
  market.prices = SeriesFile{.file = {"p.csv"}, .unit = {}, .missing = {}};
  Contents files = {{"p.csv", monthly("Date,x", 12, [](int i) { return fmt::format("{}", 100 + i * i); })}};
  MarketHistory h = read(market, files);
  CHECK(h.periods() == 11);
  CHECK(to_string(h.start) == "2020-01-31");
  CHECK(h.returns(2, 0) == doctest::Approx(109.0 / 104.0 - 1).epsilon(1e-14));
}

TEST_CASE("daily rows are compounded to complete months") {
  // Every weekday from 2020-01-15 to 2020-12-24: January and December are not complete.
  std::string file = "Date,x\n";
  for (Date d = day("2020-01-15"); d <= day("2020-12-24"); ++d.days) {
    if ((d.days + 3) % 7 < 5) file += to_string(d) + ",0.001\n";
  }
  MarketHistory h = read(market_of(true, false), {{"r.csv", file}});
  CHECK(h.periods() == 10);
  CHECK(to_string(h.start) == "2020-01-31");
  CHECK(to_string(h.dates.back()) == "2020-11-30");
  CHECK(h.returns(0, 0) == doctest::Approx(std::pow(1.001, 20) - 1).epsilon(1e-13));  // 20 weekdays in February
  CHECK(has_note(h, "r.csv: 2020-01 is left out, its first row is of 2020-01-15"));
  CHECK(has_note(h, "r.csv: 2020-12 is left out, its last row is of 2020-12-24"));
  CHECK(has_note(h, "r.csv: daily rows compounded to monthly periods"));

  MarketHistory weeks = read(market_of(true, false), {{"r.csv", file}}, 52);
  CHECK(to_string(weeks.dates.front()) == "2020-01-24");  // the week of Wednesday 15 January is not complete
  CHECK(weeks.returns(0, 0) == doctest::Approx(std::pow(1.001, 5) - 1).epsilon(1e-13));
  MarketHistory days = read(market_of(true, false), {{"r.csv", file}}, 252);
  CHECK(days.periods() == 247);
  CHECK(days.returns(0, 0) == 0.001);
}

TEST_CASE("a first day of trading early in the month makes it complete") {
  std::string file = "Date,x\n";
  for (Date d = day("2020-01-02"); d <= day("2020-12-31"); ++d.days) {
    if ((d.days + 3) % 7 < 5) file += to_string(d) + ",0.001\n";
  }
  CHECK(read(market_of(true, false), {{"r.csv", file}}).periods() == 12);
}

TEST_CASE("days are aligned on those that both files have") {
  std::string returns = "Date,x\n", curves = "Date,1\n";
  for (int i = 0; i < 20; ++i) {
    Date d{day("2024-01-01").days + i};
    if (i > 0) returns += fmt::format("{},0.01\n", to_string(d));
    if (i != 5) curves += fmt::format("{},{}\n", to_string(d), 0.01 + 0.001 * i);
  }
  MarketHistory h = read(market_of(true, true), {{"r.csv", returns}, {"c.csv", curves}}, 252);
  CHECK(h.periods() == 18);
  CHECK(to_string(h.start) == "2024-01-01");
  CHECK(h.returns(0, 0) == 0.01);
  CHECK(h.returns(4, 0) == doctest::Approx(1.01 * 1.01 - 1).epsilon(1e-14));  // over the day without a curve
  CHECK(h.zero_rates(0, 0) == 0.01);
  CHECK(h.zero_rates(5, 0) == doctest::Approx(0.016).epsilon(1e-14));
}

TEST_CASE("monthly rows are compounded to quarters") {
  MarketHistory h = read(market_of(true, false),
                         {{"r.csv", monthly(
                                        "Date,x", 31, [](int) { return "0.01"; }, 1)}},
                         4);  // 2020-02 to 2022-08
  CHECK(h.periods() == 9);
  CHECK(to_string(h.dates.front()) == "2020-06-30");
  CHECK(to_string(h.dates.back()) == "2022-06-30");
  CHECK(h.returns(0, 0) == doctest::Approx(1.01 * 1.01 * 1.01 - 1).epsilon(1e-14));
}

TEST_CASE("declared missing values leave rows out, and tenors") {
  auto text = [](int i) { return i < 2 ? "" : return_text(i); };
  MarketParameters market = market_of(true, true);
  market.returns->missing.emplace();
  market.curve_history->missing = std::vector<double>{0.0};
  auto rates = [](int i) { return i == 5 ? "0.02,0.0" : rates_text(i); };
  MarketHistory h = read(market, {{"r.csv", monthly("Date,x", 12, text)}, {"c.csv", monthly("Date,1,10", 12, rates)}});
  CHECK(h.periods() == 10);
  CHECK(h.zero_rates(4, 1) == 0.02);  // flat beyond the tenors of that date
  CHECK(has_note(h, "r.csv: 2 of 12 rows left out, with a missing value"));
  CHECK(has_note(h,
                 "c.csv: the rate at 10 years is missing on 1 of 11 dates, and taken there from the curve of the "
                 "other tenors"));
}

TEST_CASE("percent is read as such when it is declared") {
  MarketParameters market = market_of(true, true);
  market.returns->unit = Unit::percent;
  market.curve_history->unit = Unit::percent;
  Contents files = {{"r.csv", monthly("Date,x", 12, [](int i) { return fmt::format("{}", 2 - i); })},
                    {"c.csv", monthly("Date,1,10", 12, [](int i) { return fmt::format("{},3", 0.1 * i); })}};
  MarketHistory h = read(market, files);
  CHECK(h.returns(10, 0) == doctest::Approx(-0.09).epsilon(1e-15));
  CHECK(h.zero_rates(11, 0) == doctest::Approx(0.011).epsilon(1e-14));
}

TEST_CASE("bad histories are reported where they are wrong") {
  auto months = [](int bad, const char* text) {
    return monthly("Date,x", 12, [=](int i) { return i == bad ? std::string(text) : return_text(i); });
  };
  auto without = [](int from, int to) {
    std::string file = monthly("Date,x", from, return_text);
    return file + monthly("", 12 - to, return_text, to).substr(1);
  };
  struct Case {
    std::string content;
    const char* error;
  };
  const Case cases[] = {
      {months(2, "-1"), "r.csv:4:12: error: the return -1 loses everything or more (simple returns are above -1)"},
      {months(2, "-1.5"), "r.csv:4:12: error: the return -1.5 loses everything or more (simple returns are above -1)"},
      {months(2, ""),
       "r.csv:4:12: error: the cell is empty (a missing value?); fill it, delete the row, or declare `missing: []`"},
      {without(4, 5), "r.csv:6:1: error: the monthly history has no row for 2020-05; add it"},
      {without(4, 7), "r.csv:6:1: error: the monthly history has no rows from 2020-05 to 2020-07; add them"},
      {monthly("Date,x", 12, return_text) + "2021-01-01,0\n2021-01-31,0\n",
       "r.csv:15:1: error: the monthly history has two rows in 2021-01 (the other on line 14)"},
      {monthly("Date,x", 12, [](int i) { return fmt::format("{}", i - 5); }),
       "r.csv:1:6: error: the series 'x' looks like percent (half of the returns are larger than 3); declare `unit: "
       "percent`"},
      {monthly("Date,x", 12, [](int i) { return fmt::format("{}", 100 + i); }),
       "r.csv:1:6: error: the series 'x' looks like percent, or like prices (all are above 0, half of them above 106); "
       "declare `unit: percent`, or give prices as market.prices"},
      {monthly("Date,x", 12, [](int i) { return i == 4 ? std::string("12") : std::string("0.02"); }),
       "r.csv:1:6: error: the series 'x' has a return of 12 among returns of 0.02; correct it, or declare `unit: "
       "decimal`"},
      {monthly("Date,xx", 12, return_text), "r.csv:1:1: error: has no column 'x'; did you mean 'xx'?"},
      {"Date,x\n2020-01-31,0.01\n", "r.csv: error: has 1 usable row; a history needs more"},
      {monthly("Date,x", 7, return_text),
       "error: market: 7 monthly periods of history are left, at least 8 are needed (r.csv: 2020-01-31 to "
       "2020-07-31)"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.content);
    CHECK(error_of(market_of(true, false), {{"r.csv", c.content}}) == c.error);
  }
  CHECK(error_of(market_of(true, false), {{"r.csv", months(0, "0")}}, 52) ==
        "r.csv: error: is monthly, but the study needs weekly periods (52 steps a year); choose "
        "`scenarios.steps_per_year: 12`, or a finer history");
  CHECK(error_of(market_of(true, false), {{"r.csv", months(0, "0")}}, 6) ==
        "error: scenarios.steps_per_year: a history has no periods of which 6 are a year; choose 1, 2, 4, 12, 52 or "
        "252");
  CHECK(error_of(market_of(false, false), {}) ==
        "error: market: has neither `returns` nor `prices`; the assets' series are columns of one of them");
}

TEST_CASE("prices must be positive") {
  MarketParameters market;
  market.prices = SeriesFile{.file = {"p.csv"}, .unit = {}, .missing = {}};
  Contents files = {{"p.csv", monthly("Date,x", 12, [](int i) { return fmt::format("{}", i < 3 ? 100 : i - 3); })}};
  CHECK(error_of(market, files) == "p.csv:5:12: error: the price 0 is not positive");
  // Changes that are read as levels are told once, not by the hundred.
  files["p.csv"] = monthly("Date,x", 24, [](int i) { return i % 3 ? "0.004" : "-0.001"; });
  CHECK(error_of(market, files).find("p.csv:1:6: error: 8 of the 24 values of 'x' are not positive") == 0);
}

TEST_CASE("bad curve histories are reported where they are wrong") {
  auto error = [](const char* headers, const char* rates, auto&& change) {
    MarketParameters market = market_of(false, true);
    change(*market.curve_history);
    return error_of(market, {{"c.csv", monthly(headers, 12, [=](int) { return rates; })}}, 12, {}, {});
  };
  auto as_is = [](CurveFile&) {};
  CHECK(error("Date,1,ten,thirty", "0,0,0", as_is) ==
        "c.csv:1:8: error: the header 'ten' is not a tenor in years (other such headers: 1); name the columns to read "
        "and their tenors with `columns: {ten: 1}`");
  CHECK(error("Date,1,1.0", "0,0", as_is) == "c.csv:1:8: error: the tenor 1 has two columns, '1' and '1.0'");
  CHECK(error("Date,1,360", "0,0", as_is) ==
        "c.csv:1:8: error: the tenor 360 is not above 0 and up to 120 years; say `tenor_unit: months`, or map headers "
        "with `columns: {header: years}`");
  CHECK(
      error("Date,1,10", "4.1,5.2", as_is) ==
      "c.csv:1:6: error: the curve history looks like percent (half of the rates are larger than 5.2); declare `unit: "
      "percent`");
  CHECK(error("Date,1,2,10", "0.04,0.05,4.5", as_is) ==
        "c.csv:1:6: error: the curve history has a rate of 4.5 among rates of 0.05; correct it, or declare `unit: "
        "decimal`");
  CHECK(error("Date,1,", "0.04,", as_is) ==
        "c.csv:1:8: error: the column has no header; head it by its tenor, or delete it");
  CHECK(error("Date,1,10", "0.04,0.05", [](CurveFile& c) { c.unit = Unit::percent; }) ==
        "c.csv:1:6: error: the curve history looks like decimals, not percent (no rate is larger than 0.05); declare "
        "`unit: decimal`");
  CHECK(error("Date,y1,y10", "0.04,0.05", [](CurveFile& c) {
          c.columns = {{"y1", 1.0}, {"y01", 10.0}};
        }) == "c.csv:1:1: error: has no column 'y01'; did you mean 'y1'?");
  CHECK(error("Date,1,10", "0.04,0.05",
              [](CurveFile& c) {
                c.quote = Quote::par;
                c.compounding = Compounding::continuous;
              }) ==
        "error: market.curve_history.compounding: par quotes have coupons, which continuous compounding does not tell; "
        "choose annual or semiannual");
  std::string all = error("Date,9,10", "0.01,0.2", [](CurveFile& c) {
    c.quote = Quote::par;
    c.compounding = Compounding::annual;
  });
  CHECK(
      all.starts_with("c.csv:2:1: error: no curve has these par quotes (the quote 0.2 at tenor 10 has no positive "
                      "discount factor)\nc.csv:3:1: error:"));
}

TEST_CASE("problems of both files are reported together") {
  std::string error = error_of(market_of(true, true), {{"r.csv", "Date,x\n2020-01-31,a\n"}});
  CHECK(error ==
        "r.csv:2:12: error: 'a' is not a number\n"
        "c.csv: error: is not among the embedded input files (only files up to 16 MB are embedded)");
}

TEST_CASE("the series are all columns but the dates") {
  auto names = [](const char* content) {
    InputFiles files = InputFiles::embedded({{"r.csv", content}});
    return series_names(market_of(true, false), files);
  };
  CHECK(names("Date,a,b\n2020-01-01,1,2\n") == std::vector<std::string>{"a", "b"});
  CHECK(names(",a,b\n2020-01-01,1,2\n") == std::vector<std::string>{"a", "b"});
  CHECK(names("year,month,a\n2020,1,2\n") == std::vector<std::string>{"a"});
}
