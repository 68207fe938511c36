#include <doctest/doctest.h>

#include "scenarios/market/history.h"
#include "tests/scenarios/market/history_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

MarketHistory read_spreads(Contents contents, int periods_per_year = 12, std::optional<Unit> unit = {}) {
  MarketParameters market = market_of(true, false);
  market.spreads = SpreadFile{{"s.csv"}, unit, {}};
  InputFiles files = InputFiles::embedded(std::move(contents));
  return read_history(market, {"x"}, periods_per_year, {}, files, {"bbb"});
}

std::string spread_error(Contents contents, int periods_per_year = 12) {
  try {
    read_spreads(std::move(contents), periods_per_year);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

std::string spread_text(int i) { return fmt::format("{}", 0.01 + 0.001 * i); }

}  // namespace

TEST_CASE("credit spreads are known at each period's start and end; periods without them are left out") {
  std::string returns = monthly("Date,X", 14, return_text);
  MarketHistory h = read_spreads(
      {{"r.csv", returns}, {"s.csv", monthly("Date,note,BBB", 14, [](int i) { return "?," + spread_text(i); })}});
  CHECK(h.periods() == 13);  // the first month has no spread before it
  CHECK(h.dates[0] == day("2020-02-29"));
  REQUIRE(h.spreads.rows() == 14);
  CHECK(h.spreads(0, 0) == 0.01);
  CHECK(h.spreads(13, 0) == doctest::Approx(0.023));
  CHECK(has_note(h, "s.csv: periods left out, as their credit spreads are not known: 1"));

  // From one month before, stamped on business days, in percent: the same periods with the same numbers.
  auto percent = [](int i) { return fmt::format("{}", 1 + 0.1 * i); };
  h = read_spreads({{"r.csv", returns}, {"s.csv", monthly("Date,BBB", 15, percent, -1, true)}}, 12, Unit::percent);
  CHECK(h.periods() == 14);
  CHECK(h.spreads(0, 0) == doctest::Approx(0.01));
  CHECK(h.spreads(14, 0) == doctest::Approx(0.024));

  // Quarters take the last month of each.
  h = read_spreads({{"r.csv", monthly("Date,X", 36, return_text)}, {"s.csv", monthly("Date,BBB", 37, spread_text, -1)}},
                   4);
  CHECK(h.periods() == 12);
  CHECK(h.spreads(1, 0) == doctest::Approx(0.013));
}

TEST_CASE("spreads that are wrong name their cell") {
  std::string returns = monthly("Date,X", 14, return_text);
  auto with = [&](const char* third) {
    return spread_error({{"r.csv", returns},
                         {"s.csv", monthly("Date,BBB", 14, [&](int i) { return i == 2 ? third : spread_text(i); })}});
  };
  CHECK(with("0").find("s.csv:4:12: error: the spread 0 is not positive") != std::string::npos);
  CHECK(with("wide").find("s.csv:4:12") != std::string::npos);
  CHECK(spread_error({{"r.csv", returns}, {"s.csv", monthly("Date,BBB", 14, [](int) { return "1.5"; })}})
            .find("looks like percent") != std::string::npos);
  CHECK(spread_error({{"r.csv", returns}, {"s.csv", monthly("Date,AAA", 14, spread_text)}}).find("s.csv:1:1") !=
        std::string::npos);
  CHECK(spread_error({{"r.csv", monthly("Date,X", 60, return_text)},
                      {"s.csv", "Date,BBB\n2020-03-31,0.01\n2020-06-30,0.011\n2020-09-30,0.01\n"}})
            .find("is quarterly") != std::string::npos);
}
