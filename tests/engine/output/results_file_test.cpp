#include "engine/output/results_file.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <doctest/doctest.h>

#include "engine/output/results_provenance.h"
#include "engine/output/version.h"
#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"
#include "scenarios/io/hdf5_scenarios.h"
#include "scenarios/io/input_files.h"
#include "tests/engine/example_results.h"

using namespace ballast;
namespace ex = ballast::example;

TEST_CASE("every scenario's numbers stand where the dimensions say") {
  ex::Folder folder;
  ResultsLayout layout = ex::full_layout();
  ex::write(folder / "results.h5", layout, ex::full_results());
  CHECK(folder.files() == 1);
  hdf5::File file = hdf5::File::open(folder / "results.h5");
  auto check = [&](const char* name, int dataset, std::size_t rows) {
    CAPTURE(name);
    std::vector<double> values = file.open_dataset(name).read_doubles();
    REQUIRE(values.size() == layout.scenarios * rows);
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < values.size(); ++k) wrong += values[k] != ex::value(dataset, k / rows, k % rows);
    CHECK(wrong == (dataset == 6 ? 1 : 0));
  };
  check("asset_return", 1, 2);
  check("liability_pv", 2, 3);
  check("liability_duration", 3, 3);
  check("assets_value", 4, 3);
  check("surplus", 5, 3);
  check("funding_ratio", 6, 3);
  check("horizon_liability", 12, 1);
  check("current/assets_value", 13, 3);
  check("current/surplus", 14, 3);
  check("current/funding_ratio", 15, 3);
  check("short_rate", 16, 3);
  check("ten_year_rate", 17, 3);
  check("zero_rate", 7, 12);
  check("price_index", 18, 3);
  check("credit_spread", 19, 6);
  check("liability_effective_duration", 20, 3);
  check("liability_dv01", 21, 3);
  check("liability_convexity", 8, 3);
  check("liability_modified_duration", 12, 3);
  check("liability_inflation_duration", 13, 3);
  check("liability_key_rate_duration", 9, 9);
  CHECK(std::isnan(file.open_dataset("funding_ratio").read_rows(7, 1)[2]));
  std::vector<double> by_liability = file.open_dataset("pv_by_liability").read_doubles();
  std::size_t wrong = 0;
  for (std::size_t k = 0; k < by_liability.size(); ++k) {
    wrong += by_liability[k] != ex::value(10 + int(k % 2), k / 6, k % 6 / 2);
  }
  CHECK(wrong == 0);
  CHECK(file.open_dataset("weights").read_doubles() == std::vector<double>{0.25, 0.75});
  CHECK(file.open_dataset("liability_duration_quantile").read_rows(1, 1) == std::vector<double>{10.5, 11.5, 12.5});
  CHECK(file.open_group("optimise").open_dataset("asset_return").read_rows(1499, 1) ==
        std::vector<double>{2998 / 7.0, 2999 / 7.0});
  CHECK(file.open_group("liabilities").open_dataset("liability").read_texts() ==
        std::vector<std::string>{"pensions", "annuities", "total"});
  CHECK(file.open_group("liabilities").open_dataset("pv").read_doubles() ==
        std::vector<double>{2000000.5, 895082.23, 2895082.73});
  CHECK(file.int64_attribute("complete") == 1);
  CHECK(file.uint64_attribute("seed") == 18446744073709551615u);
  CHECK(file.text_attribute("git_sha").size() >= 7);
}

TEST_CASE("single precision is stored on request, and halves the file") {
  ex::Folder folder;
  ResultsLayout layout = ex::full_layout();
  ex::write(folder / "double.h5", layout, ex::full_results());
  layout.float32 = true;
  ex::write(folder / "single.h5", layout, ex::full_results());
  hdf5::File file = hdf5::File::open(folder / "single.h5");
  CHECK(file.open_dataset("surplus").type() == hdf5::Type::float32);
  CHECK(file.open_dataset("surplus").read_rows(2000, 1)[1] == double(float(ex::value(5, 2000, 1))));
  CHECK(double(std::filesystem::file_size(folder / "single.h5")) <
        0.6 * double(std::filesystem::file_size(folder / "double.h5")));
}

TEST_CASE("two runs write the same bytes, whatever varied between them") {
  ex::Folder folder;
  Results results = ex::full_results();
  ex::write(folder / "a.h5", ex::full_layout(), results);
  results.seconds = 99;
  results.threads = 64;
  results.peak_memory_bytes = 1;
  results.optimizer->seconds = 98;
  ex::write(folder / "b.h5", ex::full_layout(), results);
  CHECK(ex::content(folder / "a.h5") == ex::content(folder / "b.h5"));
}

TEST_CASE("a study of returns alone has a file too, and its scenarios can be brought to another study") {
  ex::Folder folder;
  ex::write(folder / "results.h5", ex::returns_layout(), ex::returns_results());
  hdf5::File file = hdf5::File::open(folder / "results.h5");
  CHECK_FALSE(file.contains("surplus"));
  CHECK_FALSE(file.contains("time"));
  CHECK_FALSE(file.contains("liabilities"));
  StoredScenarios stored = read_scenarios_hdf5(folder / "results.h5");
  CHECK(stored.assets == std::vector<std::string>{"a", "b"});
  CHECK(stored.scenarios == 100);
  ex::write(folder / "full.h5", ex::full_layout(), ex::full_results());
  CHECK(read_scenarios_hdf5(folder / "full.h5").liability.empty());  // there it is a coordinate
}

TEST_CASE("a results file says how to compute it again") {
  ex::Folder folder;
  Results results = ex::full_results();
  std::string large(kLargestEmbeddedInput + 1, 'x');
  results.inputs.push_back({"large.csv", sha256_hex(large), large});
  ex::write(folder / "results.h5", ex::full_layout(), results);
  StoredStudy study = read_results_for_replay(folder / "results.h5");
  CHECK(study.format_version == kResultsFormatVersion);
  CHECK(study.resolved_config == results.resolved_config);
  CHECK(study.study_file == results.original_study);
  CHECK(study.ballast_version == ballast_version());
  CHECK(study.git_sha == git_sha());
  REQUIRE(study.inputs.size() == 3);
  for (int k = 0; k < 3; ++k) CHECK(study.inputs.at(results.inputs[k].name) == results.inputs[k].content);
  CHECK(study.not_embedded == std::map<std::string, std::string>{{"large.csv", results.inputs[3].sha256}});
}

TEST_CASE("files that cannot be replayed say why") {
  ex::Folder folder;
  std::string path = folder / "results.h5";
  ex::write(path, ex::full_layout(), ex::full_results());
  std::string whole = ex::content(path);
  auto check = [&](const std::string& file, const char* why, ExitCode code = ExitCode::bad_input) {
    try {
      read_results_for_replay(file);
      FAIL("read");
    } catch (const InputError& error) {
      INFO(error.what());
      CHECK(error.code() == code);
      CHECK(std::string(error.what()).find(why) != std::string::npos);
    }
  };
  auto altered = [&](const char* name, auto&& alter) {
    hdf5::File file = hdf5::File::create(folder / name);
    file.set_attribute("format_version", "1");
    file.set_attribute("complete", std::int64_t(1));
    file.set_attribute("ballast_version", "x");
    file.set_attribute("git_sha", "x");
    file.set_attribute("study_file", "");
    file.set_attribute("resolved_config", "a: 1\n");
    file.set_attribute("resolved_config_sha256", sha256_hex("a: 1\n"));
    alter(file);
    file.close();
    return folder / name;
  };
  CHECK_NOTHROW(read_results_for_replay(altered("good.h5", [](auto&) {})));
  check(folder / "none.h5", "No such file", ExitCode::missing_input);
  std::ofstream(folder / "half.h5", std::ios::binary) << whole.substr(0, whole.size() / 2);
  check(folder / "half.h5", "truncated");
  std::ofstream(folder / "text.h5") << "a,b\n";
  check(folder / "text.h5", "is not an HDF5 file");
  hdf5::File::create(folder / "foreign.h5").close();
  check(folder / "foreign.h5", "is not a results file");
  check(altered("future.h5", [](auto& f) { f.set_attribute("format_version", "2"); }), "use a newer ballast");
  check(altered("odd.h5", [](auto& f) { f.set_attribute("format_version", "1b"); }), "format_version is '1b'");
  check(altered("incomplete.h5", [](auto& f) { f.set_attribute("complete", std::int64_t(0)); }), "is incomplete");
  check(altered("config.h5", [](auto& f) { f.set_attribute("resolved_config", "a: 2\n"); }), "does not match");
  check(altered("input.h5",
                [](auto& f) {
                  auto group = f.create_group("inputs");
                  auto input = group.create_dataset("input_1", hdf5::Type::uint8, {3});
                  input.write(std::string_view("abc"));
                  input.set_attribute("name", "x.csv");
                  input.set_attribute("sha256", sha256_hex("abd"));
                  input.set_attribute("bytes", std::uint64_t(3));
                }),
        "the embedded input 'x.csv' does not match");
}

TEST_CASE("blocks out of order, of another shape, or missing are bugs that are caught") {
  ex::Folder folder;
  ResultsLayout layout = ex::full_layout();
  {
    ResultsFile file(folder / "results.h5", layout);
    CHECK_THROWS_AS(file.append(ex::block(layout, 1024)), std::logic_error);
    CHECK_THROWS_AS(file.finish(ex::full_results()), std::logic_error);
    EvaluateBlock block = ex::block(layout, 0);
    block.surplus = LaneArray(2, 1024);
    CHECK_THROWS_AS(file.append(block), std::logic_error);
    CHECK(folder.files() == 1);
  }
  CHECK(folder.files() == 0);  // the destructor has removed the partial file
}
