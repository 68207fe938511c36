#include <string>

#include <doctest/doctest.h>

#include "engine/config/read_study.h"

using namespace ballast;

namespace {

struct Sections {
  std::string study = "{name: x, seed: 1}";
  std::string scenarios = "{horizon_years: 5}";
  std::string market = "{returns: r.csv, curve_history: h.csv}";
  std::string assets = "[{name: equity, series: e}, {name: bonds, constant_maturity_years: 10}]";
  std::string liabilities = "[{name: pensions, cashflows: l.csv}]";
  std::string balance = "{funding_ratio: 1.1, current: {equity: 0.5, bonds: 0.5}}";
  std::string rest = "";
};

std::string errors(const Sections& s) {
  auto line = [](const char* key, const std::string& value) {
    return value.empty() ? "# none\n" : std::string(key) + ": " + value + "\n";
  };
  std::string text = line("study", s.study) + line("scenarios", s.scenarios) + line("market", s.market) +
                     line("assets", s.assets) + line("liabilities", s.liabilities) + line("balance", s.balance) +
                     s.rest;
  try {
    read_study("s", text);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a sound study") { CHECK(errors({}) == ""); }

TEST_CASE("names") {
  CHECK(errors({.assets = "[{name: equity, series: e}, {name: bonds, cash: true}, {name: equity, series: f}]"}) ==
        "s:4:71: error: 'equity' is also the name of assets[0]; names must differ");
  CHECK(errors({.liabilities = "[{name: a, cashflows: l.csv}, {name: a, cashflows: m.csv}]"}) ==
        "s:5:51: error: 'a' is also the name of liabilities[0]; names must differ");
  CHECK(errors({.liabilities = "[{name: total, cashflows: l.csv}]"}) ==
        "s:5:22: error: 'total' is the name of all liabilities together; choose another");
  CHECK(errors({.rest = "optimize: {constraints: {groups: [{assets: [equity, bond], min: 0.1}], "
                        "turnover: {from: {cash: 1}, max: 1}}}\n"}) ==
        "s:7:53: error: 'bond' is not an asset of the study; did you mean 'bonds'?\n"
        "s:7:96: error: 'cash' is not an asset of the study");
  CHECK(errors({.rest = "optimize: {constraints: {groups: [{assets: [equity, equity], min: 0.1}]}}\n"}) ==
        "s:7:53: error: 'equity' is in the group twice");
}

TEST_CASE("what assets and liabilities need") {
  CHECK(errors({.assets = "[]"}) ==
        "s:4:1: error: 'assets' is missing (there must be at least one; only model: file brings its own)");
  CHECK(errors({.market = ""}) ==
        "s:4:33: error: asset 'equity' is a series, and the study has no history: add market.returns or market.prices\n"
        "s:4:37: error: asset 'bonds' needs a yield curve: add market.curve or market.curve_history\n"
        "s:5:1: error: 'liabilities' need a yield curve: add market.curve or market.curve_history");
}

TEST_CASE("weights") {
  CHECK(errors({.balance = "{assets: 100, current: {equity: 0.3, bonds: 0.6}}"}) ==
        "s:6:24: error: 'current' weights sum to 0.9 (they must sum to 1)");
  CHECK(errors({.balance = "{assets: 100, current: {equity: 0.3333333333, bonds: 0.6666666667}}"}) == "");
  CHECK(errors({.balance = "{assets: 100}"}) ==
        "s:6:1: error: 'current' is missing (without an optimize section, the current weights are what is measured)");
  CHECK(errors({.balance = "{assets: 100}", .rest = "optimize: {}\n"}) == "");
  auto constraints = [](const std::string& text) {
    return errors({.rest = "optimize:\n  constraints:\n    " + text + "\n"});
  };
  CHECK(constraints("{min_weight: 0.4, max_weight: 0.3}") ==
        "s:9:35: error: 'max_weight' (0.3) is less than min_weight (0.4)");
  CHECK(constraints("{min_weight: 0.4, max_weight: {bonds: 0.3}}") ==
        "s:9:23: error: 'max_weight' of 'bonds' (0.3) is less than its min_weight (0.4)");
  CHECK(constraints("{min_weight: {bonds: 0.2}, max_weight: {bonds: 0.3}}") == "");
  CHECK(constraints("{min_weight: -0.1}") ==
        "s:9:18: error: 'min_weight' is negative, and long_only is true; write long_only: false");
  CHECK(constraints("{min_weight: -0.1, long_only: false}") == "");
  CHECK(constraints("{groups: [{assets: [bonds], min: 0.5, max: 0.4}]}") == "s:9:48: error: 'max' is less than min");
  CHECK(errors({.balance = "{assets: 1}", .rest = "optimize: {constraints: {turnover: {max: 0.5}}}\n"}) ==
        "s:7:26: error: 'from' is missing (there is no balance.current to trade from either)");
}

TEST_CASE("horizons are whole numbers of steps") {
  CHECK(errors({.rest = "optimize: {horizon_years: 6}\n"}) ==
        "s:7:27: error: 'optimize.horizon_years' is 6 years, longer than scenarios.horizon_years (5)");
  CHECK(errors({.rest = "optimize: {horizon_years: 0.3}\n"}) ==
        "s:7:27: error: 'horizon_years' is not a whole number of steps (0.3 years at 12 steps a year)");
  CHECK(errors({.rest = "output: {report_every_years: 0.1}\n"}) ==
        "s:7:30: error: 'report_every_years' is not a whole number of steps (0.1 years at 12 steps a year)");
  CHECK(errors({.balance = "{assets: 1, current: {equity: 1}, rebalance_every_years: 0.1}"}) ==
        "s:6:67: error: 'rebalance_every_years' is not a whole number of steps (0.1 years at 12 steps a year)");
  CHECK(errors({.balance = "{assets: 1, current: {equity: 1}, rebalancing: buy_and_hold, rebalance_every_years: 1}"}) ==
        "s:6:94: error: 'rebalance_every_years' contradicts rebalancing: buy_and_hold; leave one out");
  // A horizon that could not be read accuses no other.
  CHECK(errors({.scenarios = "{horizon_years: x}", .rest = "optimize: {horizon_years: 6}\n"}) ==
        "s:2:28: error: 'horizon_years' must be a number (got 'x')");
}

TEST_CASE("the rest of the balance sheet and the measures") {
  CHECK(errors({.balance = "{current: {equity: 1}}"}) ==
        "s:6:1: error: 'balance' needs funding_ratio or assets (with liabilities, the assets now must be known)");
  CHECK(errors({.liabilities = ""}) ==
        "s:6:26: error: 'funding_ratio' needs liabilities (it is assets over their present value) add liabilities, or "
        "give balance.assets instead");
  CHECK(errors({.balance = "{assets: 1, funding_ratio: 1, current: {equity: 1}}"}) ==
        "s:6:19: error: 'assets' is given together with funding_ratio (one follows from the other)");
  CHECK(errors({.liabilities = "", .balance = "{current: {equity: 1}}", .rest = "optimize: {loss: surplus}\n"}) ==
        "s:7:18: error: 'loss: surplus' needs liabilities (a surplus is assets less liabilities) add them, or write "
        "return");
  CHECK(errors({.rest = "measures: {key_rates: [1, 5, 5]}\n"}) ==
        "s:7:30: error: 'key_rates' must ascend (5 follows 5)");
  CHECK(errors({.rest = "measures: {key_rates: []}\n"}) == "s:7:12: error: 'key_rates' must have at least one node");
}

TEST_CASE("market data") {
  CHECK(errors({.market = "{returns: r.csv, prices: p.csv, curve: c.csv}"}) ==
        "s:3:34: error: 'prices' is given together with 'returns' (one follows from the other) leave one out");
  CHECK(errors({.market = "{returns: r.csv, curve: c.csv, window: {from: 2000-01-31, to: 1990-01-31}}"}) ==
        "s:3:71: error: 'to' is before 'from' (1990-01-31 < 2000-01-31)");
  CHECK(errors({.market = "{returns: r.csv, curve: c.csv}",
                .assets = "[{name: equity, series: e, return: excess}]",
                .balance = "{assets: 1, current: {equity: 1}}"}) ==
        "s:4:44: error: 'return: excess' needs the history's short rate: add market.curve_history");
}

TEST_CASE("scenarios from a file bring their own assets") {
  Sections file{.scenarios = "{model: file, path: x.csv}",
                .market = "",
                .assets = "",
                .liabilities = "",
                .balance = "",
                .rest = "optimize: {loss: surplus}\n"};
  CHECK(errors(file) == "");
  Sections s = file;
  s.scenarios = "{model: file}";
  CHECK(errors(s) == "s:2:1: error: 'path' is missing (model: file needs the file's path)");
  s = file;
  s.market = "{returns: r.csv}";
  CHECK(errors(s) ==
        "s:3:19: error: 'returns' is not used with model: file (the scenarios are the file's; its column 'liability' "
        "says what is owed) leave it out");
  s = file;
  s.assets = "[{name: liability, series: a}, {name: b, cash: true}, {name: c, series: c, expected_return: 0.1}]";
  CHECK(errors(s) ==
        "s:4:17: error: 'liability' is not an asset (model: file gives that column another meaning)\n"
        "s:4:40: error: asset 'b' must be a series (model: file simulates no curve)\n"
        "s:4:101: error: 'expected_return' does not apply to model: file (its returns are used as they are)");
  s = file;
  s.rest = "optimize: {horizon_years: 2}\n";
  CHECK(errors(s) ==
        "s:7:27: error: 'optimize.horizon_years' is 2 and scenarios.horizon_years 1 (with model: file both are the "
        "horizon of the file's returns) leave it out");
}
