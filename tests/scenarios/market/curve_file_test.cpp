#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/market/history.h"
#include "tests/scenarios/market/history_fixture.h"

using namespace ballast;
using namespace ballast::test;

TEST_CASE("a curve is read from Maturity and Rate") {
  auto curve = [](const std::string& content, auto&& change) {
    MarketParameters market;
    market.curve.emplace();
    market.curve->file = {"y.csv"};
    change(*market.curve);
    InputFiles files = InputFiles::embedded({{"y.csv", content}});
    return read_curve(market, {}, files);
  };
  auto as_is = [](CurveFile&) {};
  auto error = [&](const std::string& content) -> std::string {
    try {
      curve(content, as_is);
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  };
  YieldCurve annual = curve("MATURITY,rate\n0.5,0.03\n10,0.05\n", as_is);
  CHECK(annual.tenors() == std::vector<double>{0.5, 10});
  CHECK(annual.discount(10) == doctest::Approx(std::pow(1.05, -10)).epsilon(1e-15));
  YieldCurve percent = curve("Maturity,Rate\n1,3\n10,5\n", [](CurveFile& c) { c.unit = Unit::percent; });
  CHECK(percent.discount(10) == doctest::Approx(std::pow(1.05, -10)).epsilon(1e-15));

  CHECK(error("Maturity,Rate\n2,0.03\n1,0.05\n") ==
        "y.csv:3:1: error: the maturity 1 comes after 2; sort the rows by maturity");
  CHECK(error("Maturity,Rate\n2,0.03\n2,0.05\n") == "y.csv:3:1: error: the maturity 2 occurs twice");
  CHECK(error("Maturity,Rate\n0,0.03\n2,0.05\n") ==
        "y.csv:2:1: error: the maturity 0 is not above 0 and up to 120 years; leave the row out, or say "
        "`tenor_unit: months`");
  CHECK(
      error("Maturity,Rate\n1,3\n2,5\n") ==
      "y.csv:1:10: error: the curve looks like percent (half of the rates are larger than 5); declare `unit: percent`");
  CHECK(error("Tenor,Rates\n1,3\n2,5\n") ==
        "y.csv:1:1: error: has no column 'Maturity'; the columns are: Tenor, Rates\n"
        "y.csv:1:1: error: has no column 'Rate'; did you mean 'Rates'?");
  CHECK(error("Maturity,Rate\n1,0.03\n2,0.03\n3,-1\n") ==
        "y.csv:1:10: error: no curve has these zero quotes (the rate -1 loses everything in a period)");
}

TEST_CASE("the last curve of the history stands in, unless it is old") {
  MarketParameters market = market_of(false, true);
  Contents contents = {{"c.csv", monthly("Date,1,10", 12, rates_text)}};
  InputFiles files = InputFiles::embedded(contents);
  CHECK(read_curve(market, {}, files).zero_rate(1) == doctest::Approx(0.021).epsilon(1e-14));
  CHECK(read_curve(market, day("2020-06-29"), files).zero_rate(1) == doctest::Approx(0.014).epsilon(1e-14));
  CHECK_THROWS_WITH_AS(read_curve(market, day("2021-12-31"), files),
                       "error: market.curve_history: its last curve, of 2020-12-31, is too old for the valuation date "
                       "2021-12-31; give `curve`",
                       InputError);
  CHECK_THROWS_AS(read_curve(market, day("2019-12-31"), files), InputError);
}
