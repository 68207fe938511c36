#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/summary_json.h"
#include "study_fixture.h"
#include "tests/folders.h"

using namespace ballast;
using namespace ballast::test;

namespace {

/// Numbers of a run that a change of code should not change, by their path in summary.json. Weights, and what depends
/// on them, are as exact as the optimizer's gap; the rest as rounding.
const std::map<std::string, double> kWatched = {{"/liability/pv", 1e-10},
                                                {"/liability/modified_duration", 1e-10},
                                                {"/liability/convexity", 1e-10},
                                                {"/liability/key_rate_durations/10", 1e-10},
                                                {"/current/expected_return", 1e-9},
                                                {"/current/volatility", 1e-9},
                                                {"/current/var", 1e-9},
                                                {"/current/cvar", 1e-9},
                                                {"/current/standard_error/cvar", 1e-9},
                                                {"/optimizer/value", 2e-6},
                                                {"/portfolio/cvar", 1e-3},
                                                {"/projection/5/liability_pv", 1e-9},
                                                {"/projection/5/liability_duration", 1e-9},
                                                {"/projection/5/funding_ratio/q50", 1e-3}};

std::string recorded_file() { return source_folder() + "/tests/regression/summaries.json"; }

}  // namespace

/// To record anew after a change that is meant to change numbers: BALLAST_RECORD=1 test_engine_study -tc="studies of
/// configs*"
TEST_CASE("studies of configs/ give the numbers that were recorded") {
  nlohmann::ordered_json recorded = nlohmann::ordered_json::object();
  bool record = std::getenv("BALLAST_RECORD") != nullptr;
  if (!record) {
    std::ifstream file(recorded_file());
    REQUIRE(file.good());
    recorded = nlohmann::ordered_json::parse(file);
  }
  for (const char* name : {"quickstart", "pension_fund", "toy_parity"}) {
    CAPTURE(std::string(name));
    std::string folder = source_folder() + "/configs";
    std::ifstream file(folder + "/" + name + ".yaml");
    std::stringstream text;
    text << file.rdbuf();
    TemporaryFolder out;
    Results results =
        run_text(text.str(), folder, out.path("out"),
                 {parse_override("scenarios.count=2000"), parse_override("scenarios.optimise_count=2000")});
    auto summary = nlohmann::json::parse(summary_json(results));
    for (const auto& [path, tolerance] : kWatched) {
      nlohmann::json::json_pointer at(path);
      if (!summary.contains(at)) continue;
      double value = summary[at].get<double>();
      if (record) {
        recorded[name][path] = value;
        continue;
      }
      CAPTURE(path);
      REQUIRE(recorded[name].contains(path));
      double then = recorded[name][path].get<double>();
      CHECK(std::abs(value - then) <= tolerance * std::max(std::abs(then), 0.01));
    }
  }
  if (record)
    std::filesystem::create_directories(source_folder() + "/tests/regression"), std::ofstream(recorded_file())
                                                                                    << recorded.dump(2) << "\n";
}
