#include "engine/config/read_study.h"

#include <doctest/doctest.h>

using namespace ballast;

namespace {

/// A small sound study; tests append sections or replace a part of it.
const std::string kSmall = R"(study: {name: small, seed: 1}
scenarios: {count: 1000, horizon_years: 5}
market: {returns: returns.csv, curve: curve.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: cash, cash: true}
balance: {current: {equity: 0.6, cash: 0.4}}
)";

std::string with(const std::string& part, const std::string& replacement, std::string text = kSmall) {
  std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), replacement);
}

/// All that is wrong with a study, as a user sees it; "" for a sound one.
std::string errors(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    read_study("s.yaml", text, overrides);
    return "";
  } catch (const InputError& error) {
    CHECK(error.code() == ExitCode::bad_input);
    return error.what();
  }
}

std::string errors_with_set(const std::string& assignment) { return errors(kSmall, {parse_override(assignment)}); }

/// The error about this value of scenarios.count, without its position.
std::string count_error(const std::string& value) {
  std::string text = errors(with("count: 1000", "count: " + value));
  std::string prefix = "s.yaml:2:20: error: ";
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

}  // namespace

TEST_CASE("a small study is read, with defaults") {
  StudyConfig config = read_study("s.yaml", kSmall);
  CHECK(config.study.name == "small");
  CHECK(config.study.seed == 1);
  CHECK(config.scenarios.count == 1000);
  CHECK_FALSE(config.scenarios.optimise_count);
  CHECK(config.scenarios.steps_per_year == 12);
  CHECK(config.market.returns->file.text == "returns.csv");  // a scalar is the section's file
  CHECK_FALSE(config.market.prices);
  REQUIRE(config.assets.size() == 2);
  CHECK(config.assets[0].series == "equity_world");
  CHECK(config.assets[1].cash);
  CHECK(config.balance.current.at("equity") == 0.6);
}

TEST_CASE("five mistakes are five lines in the order of the file") {
  CHECK(errors(R"(study: {name: small, sed: 1}
scenarios:
  count: ten
  horizon_years: 5
  block_bootstrap: {kind: movin}
market: {returns: returns.csv}
assets:
  - {name: equity, series: equity_world}
balance: {current: {equty: 1.0}}
)") == "s.yaml:1:22: error: unknown key 'sed' in 'study'; did you mean 'seed'?\n"
       "s.yaml:3:10: error: 'count' must be a whole number (got 'ten')\n"
       "s.yaml:5:27: error: 'kind' must be one of iid, moving, circular, stationary (got 'movin'); did you mean "
       "'moving'?\n"
       "s.yaml:9:28: error: 'equty' is not an asset of the study; did you mean 'equity'?");
}

TEST_CASE("whole numbers") {
  CHECK(count_error("1e5") == "");
  CHECK(count_error("2.5e3") == "");
  CHECK(count_error("1000.0") == "");
  CHECK(count_error("ten") == "'count' must be a whole number (got 'ten')");
  CHECK(count_error("2.5") == "'count' must be a whole number (got '2.5')");
  CHECK(count_error("010") ==
        "'count' must be a whole number (got '010': a leading zero, which some YAML readers take for octal); write 10");
  CHECK(count_error("1_000") == "'count' must be a whole number (got '1_000': an underscore in it); write 1000");
  CHECK(count_error("0x1F") == "'count' must be a whole number (got '0x1F': not decimal); write 31");
  CHECK(count_error("\"10\"") == "'count' must be a whole number (got the text \"10\"); leave the quotes out");
  CHECK(count_error("[10]") ==
        "s.yaml:2:13: error: 'count' must be a whole number (got a list)");  // at the key: a list is no word
  CHECK(count_error("0") == "'count' must be at least 1 (got 0)");
  CHECK(count_error("3e9") == "'count' must be at most 1000000000 (got 3e9)");
  CHECK(count_error("1e30") == "'count' must be a whole number (got '1e30': too large)");
  CHECK(errors(with("count: 1000", "count: ")) ==
        "s.yaml:2:13: error: 'count' has no value; give one, or leave the key out");
}

TEST_CASE("seeds have all 64 bits") {
  CHECK(read_study("s.yaml", with("seed: 1", "seed: 18446744073709551615")).study.seed == 18446744073709551615u);
  CHECK(errors(with("seed: 1", "seed: 18446744073709551616")) ==
        "s.yaml:1:28: error: 'seed' must be a whole number from 0 to 18446744073709551615 (got "
        "'18446744073709551616': too large)");
  CHECK(errors(with("seed: 1", "seed: -1")) ==
        "s.yaml:1:28: error: 'seed' must be a whole number from 0 to 18446744073709551615 (got '-1': negative)");
}

TEST_CASE("numbers, bounds and their units") {
  auto horizon = [](const std::string& value) { return errors(with("horizon_years: 5", "horizon_years: " + value)); };
  CHECK(horizon("0") == "s.yaml:2:41: error: 'horizon_years' must be more than 0 years (got 0)");
  CHECK(horizon("201") == "s.yaml:2:41: error: 'horizon_years' must be at most 200 years (got 201)");
  CHECK(horizon(".nan") == "s.yaml:2:41: error: 'horizon_years' must be a number (got '.nan': not finite)");
  CHECK(horizon("-.inf") == "s.yaml:2:41: error: 'horizon_years' must be a number (got '-.inf': not finite)");
  CHECK(horizon("10%") ==
        "s.yaml:2:41: error: 'horizon_years' must be a number (got '10%': a percent sign); write 0.1");
  CHECK(horizon("1.05") == "s.yaml:2:41: error: 'horizon_years' is not a whole number of steps");
  CHECK(errors(kSmall + "measures:\n  key_rates: 1,5\n") ==
        "s.yaml:9:14: error: 'key_rates' must be a list (got '1,5'); write [1,5]");
  CHECK(errors(kSmall + "output:\n  report_every_years: 1,5\n") ==
        "s.yaml:9:23: error: 'report_every_years' must be a number (got '1,5': a decimal comma); write 1.5");
  CHECK(errors(kSmall + "measures:\n  key_rates: [1, -2, x]\n") ==
        "s.yaml:9:18: error: 'key_rates[1]' must be at least 0 years (got -2)\n"
        "s.yaml:9:22: error: 'key_rates[2]' must be a number (got 'x')");
}

TEST_CASE("true, false, dates and words for nothing") {
  CHECK(errors(with("cash: true", "cash: yes")) ==
        "s.yaml:6:24: error: 'cash' must be true or false (got 'yes'); write true");
  CHECK(errors(with("cash: true", "cash: Off")) ==
        "s.yaml:6:24: error: 'cash' must be true or false (got 'Off'); write false");
  auto dated = [](const std::string& date) { return errors(with("seed: 1", "seed: 1, valuation_date: " + date)); };
  CHECK(dated("2025-12-31") == "");
  CHECK(dated("auto") == "");
  for (const char* bad : {"2025-02-30", "20251231", "31/12/2025", "today"}) {
    CHECK(dated(bad) == "s.yaml:1:47: error: 'valuation_date' must be a date such as 2025-12-31 or auto (got '" +
                            std::string(bad) + "')");
  }
  auto block = [](const std::string& value) {
    return errors(with("horizon_years: 5", "horizon_years: 5, block_bootstrap: {mean_block: " + value + "}"));
  };
  CHECK(block("auto") == "");
  CHECK(block("automatic") == "s.yaml:2:74: error: 'mean_block' must be a number or auto (got 'automatic')");
  CHECK(block("0.5") == "s.yaml:2:74: error: 'mean_block' must be at least 1 steps (got 0.5)");
  CHECK(block("null") == "s.yaml:2:62: error: 'mean_block' has no value; give one, or leave the key out");
}

TEST_CASE("unknown, misplaced and missing keys") {
  CHECK(errors("study: {name: x, seed: 1}\n") ==
        "s.yaml:1:1: error: 'scenarios' is missing (how many, how long, by which model)\n"
        "s.yaml:1:1: error: 'current' is missing (without an optimize section, the current weights are what is "
        "measured)");
  CHECK(errors(with("name: small, ", "")) == "s.yaml:1:1: error: 'name' is missing (name of the study)");
  CHECK(errors(kSmall + "valuation_date: 2025-12-31\n") ==
        "s.yaml:8:1: error: unknown key 'valuation_date' (it belongs in 'study')");
  CHECK(errors(with("seed: 1", "seed: 1, xyzzy: 2")) ==
        "s.yaml:1:31: error: unknown key 'xyzzy' in 'study' (known: name, seed, valuation_date)");
  CHECK(errors(with("count: 1000", "count:1000")) ==
        "s.yaml:2:13: error: unknown key 'count:1000' in 'scenarios' (a colon needs a space after it)");
  CHECK(errors("just words\n") == "s.yaml:1:1: error: the study must be a map of keys (got 'just words')");
  CHECK(errors("[1]\n") == "s.yaml:1:1: error: the study must be a map of keys (got a list)");
}

TEST_CASE("keys of later versions are named as such") {
  CHECK(errors(kSmall + "optimize:\n  objective: min_variance\n  frontier: {points: 5}\n") ==
        "s.yaml:10:3: error: 'frontier' is only for objective: min_cvar");
  CHECK(errors(kSmall + "liabilities: [{name: l, cashflows: f.csv, discount: {curve: other.csv}}]\n")
            .find("'curve' is not available in this version; leave it out") != std::string::npos);
}

TEST_CASE("duration and class of an asset") {
  CHECK(errors(with("cash: true", "cash: true, duration: 5, class: property"))
            .find("'duration' is only for an asset with a series") != std::string::npos);
  CHECK(errors(with("series: equity_world", "series: equity_world, duration: auto, class: fixed_income")) == "");
  CHECK(errors(with("series: equity_world", "series: equity_world, convexity: 60"))
            .find("'convexity' needs duration beside it") != std::string::npos);
  CHECK(errors(with("series: equity_world", "series: equity_world, class: bond")).find("'class' must be one of") !=
        std::string::npos);
}

TEST_CASE("a stress is a regulator's, the history's or one's own") {
  auto stressed = [](const std::string& entry) { return errors(kSmall + "stress: [" + entry + "]\n"); };
  CHECK(stressed("irrbb_2024/EUR, {standard: irrbb_2024/EUR, floor: zero}") == "");
  CHECK(stressed("{name: up, parallel_shift: 0.01, asset_returns: {equity: -0.2}}") == "");
  CHECK(stressed("{parallel_shift: 0.01}").find("'name' is missing") != std::string::npos);
  CHECK(stressed("{standard: irrbb_2024/EUR, historical: {}}").find("exactly one") != std::string::npos);
  CHECK(stressed("{standard: solvency2_2015, floor: zero}").find("'floor' is only for irrbb") != std::string::npos);
}

TEST_CASE("shorthands: a path for a file's section, a number or a map for weights") {
  auto constrained = [](const std::string& bound) {
    return with("balance", "optimize: {constraints: {max_weight: " + bound + "}}\nbalance");
  };
  auto bound = [&](const std::string& text) {
    return *read_study("s.yaml", constrained(text)).optimize->constraints.max_weight;
  };
  CHECK(*bound("0.5").all == 0.5);
  CHECK(bound("{equity: 0.5}").by_asset.at("equity") == 0.5);
  CHECK(bound("{by_asset: {equity: 0.5}}").by_asset.at("equity") == 0.5);
  CHECK(*bound("{all: 0.5}").all == 0.5);
  CHECK(errors(constrained("half")) == "s.yaml:7:38: error: 'max_weight' must be a number (got 'half')");
  CHECK(errors(constrained("{equty: 0.5}")) ==
        "s.yaml:7:46: error: 'equty' is not an asset of the study; did you mean 'equity'?");
  CHECK(errors(constrained("{equity: 50%}")) ==
        "s.yaml:7:47: error: 'equity' must be a number (got '50%': a percent sign); write 0.5");
  CHECK(errors(constrained("60")) == "s.yaml:7:38: error: 'max_weight' must be at most 20 (got 60); 60% is 0.6");
  CHECK(errors(constrained("{equity: 60}")) == "s.yaml:7:47: error: 'equity' must be at most 20 (got 60); 60% is 0.6");
  CHECK(errors(constrained("{}")) ==
        "s.yaml:7:26: error: 'all' is missing (a weight for every asset, or by_asset: weights by asset)");
  CHECK(errors(with("curve: curve.csv", "curve: {file: c.csv, quote: pars}")) ==
        "s.yaml:3:60: error: 'quote' must be one of zero, par, swap, discount (got 'pars'); did you mean 'par'?");
  CHECK(errors(with("curve: curve.csv", "curve: {quote: par}"))
            .starts_with("s.yaml:3:32: error: 'file' is missing (CSV file: Maturity,Rate for a curve"));
}

TEST_CASE("rules within a section stand at its keys") {
  CHECK(errors(with("series: equity_world", "series: e, cash: true"))
            .starts_with("s.yaml:5:5: error: 'assets[0]' names more than one of series, constant_maturity_years, "));
  CHECK(errors(with("horizon_years: 5", "horizon_years: 5, path: x.csv")) ==
        "s.yaml:2:50: error: 'path' is only for model: file");
  CHECK(errors(with("count: 1000", "steps_per_year: 7")) ==
        "s.yaml:2:29: error: 'steps_per_year' must be 1, 2, 4, 12, 52 or 252");
}

TEST_CASE("the command line overrides keys, and its mistakes are its own") {
  StudyConfig config = read_study(
      "s.yaml", kSmall,
      {parse_override("scenarios.count=5"), parse_override("assets[1].name=money"),
       parse_override("balance.current={equity: 0.5, money: 0.5}"), parse_override("output.directory=elsewhere")});
  CHECK(config.scenarios.count == 5);
  CHECK(config.assets[1].name == "money");
  CHECK(config.balance.current.at("money") == 0.5);
  CHECK(config.output.directory.text == "elsewhere");

  CHECK(errors_with_set("scenarios.count=ten") ==
        "--set scenarios.count=ten: error: 'count' must be a whole number (got 'ten')");
  CHECK(errors_with_set("scenarios.conut=10") ==
        "--set scenarios.conut=10: error: unknown key 'conut' in 'scenarios'; did you mean 'count'?");
  CHECK(errors_with_set("assets[7].name=x") ==
        "--set assets[7].name=x: error: 'assets' has 2 entries, counted from [0]");
  CHECK(errors_with_set("study.name.x=1") ==
        "--set study.name.x=1: error: 'study.name' is a single value (it has no keys of its own)");
  CHECK(errors_with_set("balance.current.equity=0.7") ==
        "s.yaml:7:11: error: 'current' weights sum to 1.1 (they must sum to 1)");
  for (const char* bad : {"count", "=5", "a..b=1", "[0]=1", "a[x]=1", "a.=1", ".a=1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_override(bad), Error);
  }
}

TEST_CASE("errors from below find their line") {
  StudyPositions positions;
  read_study("s.yaml", kSmall, {parse_override("output.directory=out")}, &positions);
  auto located = [&](const char* path) {
    return std::string(locate(key_error(path, "is wrong"), positions, "s.yaml").what());
  };
  CHECK(located("scenarios.horizon_years") == "s.yaml:2:41: error: is wrong");
  CHECK(located("assets[1].name") == "s.yaml:6:12: error: is wrong");
  CHECK(located("market.curve.file") == "s.yaml:3:39: error: is wrong");
  CHECK(located("scenarios.block_bootstrap.mean_block") ==
        "s.yaml:2:1: error: scenarios.block_bootstrap.mean_block: is wrong");
  CHECK(located("optimize.gap") == "s.yaml:1:1: error: optimize.gap: is wrong");
  CHECK(located("output.directory") == "--set output.directory=out: error: is wrong");

  InputError missing({Problem{"", 0, 0, "market.curve", "not there"}, Problem{"d.csv", 3, 1, "", "bad cell"}},
                     ExitCode::missing_input);
  InputError both = locate(missing, positions, "s.yaml");
  CHECK(both.code() == ExitCode::missing_input);
  CHECK(std::string(both.what()) == "s.yaml:3:39: error: not there\nd.csv:3:1: error: bad cell");
}

TEST_CASE("a study that cannot be opened is a missing input") {
  try {
    load_study_text("/no/such/study.yaml");
    FAIL("read");
  } catch (const InputError& error) {
    CHECK(error.code() == ExitCode::missing_input);
    CHECK(std::string(error.what()) == "/no/such/study.yaml: error: cannot be read (No such file or directory)");
  }
}

TEST_CASE("every model of the registry has a section, and refuses a key that it does not know") {
  for (int k = 0; k < int(ModelKind::file); ++k) {
    const std::string model = name_of(ModelKind(k));
    CAPTURE(model);
    CHECK(errors(with("count: 1000", "count: 1000, model: " + model)) == "");
    const std::string text = errors(with("count: 1000", "count: 1000, " + model + ": {no_such_key: 1}"));
    CHECK(text.find("no_such_key") != std::string::npos);
    CHECK(text.find("s.yaml:2:") == 0);
  }
}

TEST_CASE("every model and curve model: the keys of its section are strict") {
  std::vector<std::string> sections;
#define BALLAST_MODEL(name, Parameters, help) sections.push_back(#name);
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) sections.push_back(#key);
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  for (const std::string& section : sections) {
    CAPTURE(section);
    const std::string found = errors(with("horizon_years: 5", "horizon_years: 5, " + section + ": {no_such_key: 1}"));
    CHECK(found.find("s.yaml:2:") == 0);
    CHECK(found.find("unknown key 'no_such_key' in '" + section + "'") != std::string::npos);
  }
}

TEST_CASE("regimes that a study gives are checked where they are written") {
  auto of = [](const std::string& keys) {
    return errors(with("horizon_years: 5", "horizon_years: 5, regime_switching: {" + keys + "}"));
  };
  CHECK(of("parameters: [{transition: [0.9, 0.1]}, {transition: [0.2, 0.8]}]") == "");
  CHECK(of("parameters: [{transition: [0.9, 0.2]}, {transition: [0.2, 0.8]}]").find("must sum to 1") !=
        std::string::npos);
  CHECK(of("parameters: [{transition: [1]}, {transition: [0.2, 0.8]}]").find("as many transition probabilities") !=
        std::string::npos);
  CHECK(of("regimes: 3, parameters: [{transition: [0.9, 0.1]}, {transition: [0.2, 0.8]}]").find("one entry a regime") !=
        std::string::npos);
  CHECK(of("means: given").find("needs parameters") != std::string::npos);
}
