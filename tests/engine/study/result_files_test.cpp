#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "engine/study/calibration.h"
#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

const std::string kMarket = "market: {returns: " + data_folder() +
                            "/market_returns_monthly.csv, curve: " + data_folder() +
                            "/yield_curve.csv, curve_history: " + data_folder() + "/yield_curve_monthly.csv}\n";
const std::string kStudy = R"(
study: {name: files, seed: 3, valuation_date: 2025-12-31}
scenarios: {count: 200, horizon_years: 1}
)" + kMarket + R"(
assets: [{name: equity, series: equity_world, class: equity_type_1}, {name: cash, cash: true}]
liabilities: [{name: pensions, annuity: {amount: 1, years: 20}}]
balance: {funding_ratio: 1, current: {equity: 0.5, cash: 0.5}}
)";

}  // namespace

TEST_CASE("a folder holds one study's results: what an earlier one left there is gone") {
  TemporaryFolder folder;
  run_text(kStudy + "optimize: {frontier: {points: 2}}\nstress: [irrbb_2024/EUR]\n", folder.path(), folder.path("out"));
  for (const char* name : {"frontier.csv", "capital.csv", "report.html", "stress.csv"}) {
    CHECK_MESSAGE(std::filesystem::exists(folder.path("out/") + name), name);
  }
  std::ofstream(folder.path("out/notes.txt")) << "mine";
  run_text(kStudy + "output: {report: false}\n", folder.path(), folder.path("out"));
  for (const char* name : {"frontier.csv", "capital.csv", "report.html"}) {
    CHECK_FALSE_MESSAGE(std::filesystem::exists(folder.path("out/") + name), name);
  }
  CHECK(std::filesystem::exists(folder.path("out/notes.txt")));
  CHECK(std::filesystem::exists(folder.path("out/stress.csv")));
}

TEST_CASE("the resolved study says from where its paths count, and runs from there") {
  TemporaryFolder folder;
  run_text(kStudy, folder.path(), folder.path("out"));
  std::ostringstream text;
  text << std::ifstream(folder.path("out/study.resolved.yaml")).rdbuf();
  CHECK(text.str().find("Paths are relative to this file.") != std::string::npos);
  run_text(text.str(), folder.path("out"), folder.path("again"));
}

TEST_CASE("what calibrate prints to paste is of the study's own models, and is a sound section") {
  TemporaryFolder folder;
  const StudyConfig config = read_study("s", kStudy);
  InputFiles files(folder.path());
  const std::string yaml = calibrated_yaml(prepare_study(config, files));
  CHECK(yaml.starts_with("scenarios:\n  count: 200\n"));
  CHECK(yaml.find("\n  block_bootstrap:\n    kind: stationary\n    mean_block: ") != std::string::npos);
  CHECK(yaml.find("\n  curve_changes:\n") != std::string::npos);
  for (const char* other : {"normal:", "student_t:", "vasicek:", "inflation:", "correlation:"}) {
    CHECK_MESSAGE(yaml.find(other) == std::string::npos, other);
  }
  std::string pasted = kStudy;
  const std::string given = "scenarios: {count: 200, horizon_years: 1}\n";
  pasted.replace(pasted.find(given), given.size(), yaml);
  CHECK(read_study("pasted", pasted).scenarios.count == 200);
}

TEST_CASE("all missing inputs are named at once") {
  TemporaryFolder folder;
  const StudyConfig config = read_study("s", R"(
study: {name: missing, seed: 3}
scenarios: {count: 200, horizon_years: 1}
market: {returns: no_returns.csv, curve: no_curve.csv, curve_history: no_history.csv}
assets: [{name: equity, series: equity_world}, {name: cash, cash: true}]
liabilities:
  - {name: pensions, cashflows: no_flows.csv}
  - {name: annuitants, life_annuity: {amount: 1, age: 65, mortality: no_table.csv}}
balance: {funding_ratio: 1, current: {equity: 0.5, cash: 0.5}}
)");
  InputFiles files(folder.path());
  try {
    prepare_study(config, files);
    FAIL("nothing was missing");
  } catch (const InputError& error) {
    CHECK(error.code() == ExitCode::missing_input);
    REQUIRE(error.problems().size() == 5);
    for (const char* name : {"no_returns", "no_curve", "no_history", "no_flows", "no_table"}) {
      CHECK_MESSAGE(std::string(error.what()).find(name) != std::string::npos, name);
    }
  }
}
