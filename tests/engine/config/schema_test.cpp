#include "engine/config/schema.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/folders.h"

using namespace ballast;

namespace {

std::string committed(const char* name) {
  std::ifstream file(source_folder() + "/configs/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the committed schema and reference are what the parameters describe") {
  // Differs? ballast schema > configs/study.schema.json; ballast schema --reference > configs/REFERENCE.md
  CHECK(committed("study.schema.json") == study_schema());
  CHECK(committed("REFERENCE.md") == reference_markdown());
}

TEST_CASE("the schema says types, bounds, names and defaults") {
  nlohmann::json schema = nlohmann::json::parse(study_schema());
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json({"study", "scenarios"}));
  const auto& scenarios = schema["properties"]["scenarios"]["properties"];
  CHECK(scenarios["count"]["type"] == "integer");
  CHECK(scenarios["count"]["minimum"] == 1);
  CHECK(scenarios["horizon_years"]["exclusiveMinimum"] == 0);
  CHECK(scenarios["horizon_years"]["maximum"] == 200);
  CHECK(scenarios["horizon_years"]["description"].get<std::string>().find("[years]") != std::string::npos);
  CHECK(scenarios["model"]["enum"].front() == "block_bootstrap");
  CHECK(scenarios["model"]["enum"].back() == "file");
  CHECK(scenarios["model"]["default"] == "block_bootstrap");
  CHECK(scenarios["block_bootstrap"]["properties"]["mean_block"]["anyOf"][1]["const"] == "auto");
  CHECK(schema["properties"]["assets"]["items"]["additionalProperties"] == false);
  CHECK(schema["properties"]["market"]["properties"]["curve"]["anyOf"][0]["type"] == "string");
  CHECK(schema["properties"]["study"]["properties"]["seed"]["minimum"] == 0);
}
