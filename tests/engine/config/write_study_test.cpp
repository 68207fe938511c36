#include "engine/config/write_study.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "engine/config/read_study.h"
#include "tests/folders.h"

using namespace ballast;

namespace {

std::string rewritten(const std::string& text) { return to_yaml(read_study("again", text)); }

}  // namespace

TEST_CASE("every default is written, and read back as it was") {
  StudyConfig config = read_study("s", R"(
study: {name: "yes", seed: 18446744073709551615, valuation_date: 2025-12-31}
scenarios: {horizon_years: 5, block_bootstrap: {mean_block: 7.25}}
market: {returns: "../a b/r: \"1\".csv", curve: {file: c.csv, missing: [0, -99.9]}, window: {from: 1990-01-31}}
assets: [{name: "10", series: "é # x"}, {name: "null", constant_maturity: 10}]
liabilities: [{name: l, cashflows: l.csv}]
balance: {funding_ratio: 1.1, current: {"10": 0.3333333333333333, "null": 0.6666666666666667}}
optimize: {gap: 1e-10, constraints: {max_weight: {"null": 0.7}, groups: [{assets: ["10"], max: 0.1}]}}
)");
  std::string text = to_yaml(config);
  CHECK(rewritten(text) == text);
  auto has = [&](const char* line) { return text.find(line) != std::string::npos; };
  CHECK(text[0] == '#');
  CHECK(has("  name: \"yes\"\n"));
  CHECK(has("  seed: 18446744073709551615\n"));
  CHECK(has("  optimise_count: count\n"));
  CHECK(has("    mean_block: 7.25\n"));
  CHECK(has("    file: \"../a b/r: \\\"1\\\".csv\"\n"));
  CHECK(has("    missing: [0, -99.9]\n"));
  CHECK(has("    from: 1990-01-31\n    to: auto\n"));
  CHECK(has("  - name: \"10\"\n    series: \"é # x\"\n"));
  CHECK(has("  current: {\"10\": 0.3333333333333333, \"null\": 0.6666666666666667}\n"));
  CHECK(has("      by_asset: {\"null\": 0.7}\n"));
  CHECK(has("  directory: results\n"));

  StudyConfig again = read_study("again", text);
  CHECK(again.balance.current == config.balance.current);
  CHECK(again.assets[0].series == config.assets[0].series);
  CHECK(again.study.valuation_date == config.study.valuation_date);
}

TEST_CASE("words that YAML would take for something else are quoted") {
  for (const char* name :
       {"true", "No", "~", "1e5", ".5", "...", "---", "- a", "a: b", "#x", "[a]",        "{a}",  "&a", "*a",
        "!a",   "|",  ">", "%a",  "@a", "`a`", "'a'", "\\",  " a",   "a ", "2025-12-31", "0x1F", "?",  ","}) {
    CAPTURE(name);
    StudyConfig config =
        read_study("s", "study: {name: x, seed: 1}\nscenarios: {model: file, path: p}\noptimize: {}\n");
    config.study.name = name;
    std::string text = to_yaml(config);
    CHECK(read_study("again", text).study.name == name);
    CHECK(rewritten(text) == text);
  }
}

TEST_CASE("the studies of configs/ are sound, and their resolved forms too") {
  int studies = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() + "/configs")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().filename().string());
    std::string name = entry.path().string();
    std::string text = to_yaml(read_study(name, load_study_text(name)));
    CHECK(rewritten(text) == text);
    ++studies;
  }
  MESSAGE("studies in configs/: " << studies);
}
