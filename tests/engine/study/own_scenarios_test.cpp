#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"
#include "study_fixture.h"

using namespace ballast;
using namespace ballast::test;

namespace {

const char* kOwn = R"(
study: {name: own, seed: 1}
scenarios: {model: file, path: own.csv}
optimize: {loss: return, confidence: 0.75, gap: 1e-9}
)";

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("own scenarios with probabilities: weights, VaR and CVaR of a case solved by hand") {
  // Tail of 25%: scenario 4 has probability 0.25, so CVaR is the loss there, and b alone loses least in it.
  TemporaryFolder folder;
  folder.write("own.csv", "a,b,probability\n0.2,0.05,0.25\n0.1,0.02,0.25\n0.05,0.01,0.25\n-0.5,-0.03,0.25\n");
  Results results = run_text(kOwn, folder.path(), folder.path("out"));
  CHECK(results.portfolio->weights[1] == doctest::Approx(1).epsilon(1e-8));
  CHECK(results.optimizer->value == doctest::Approx(0.03).epsilon(1e-8));
  CHECK(results.portfolio->cvar.value == doctest::Approx(0.03).epsilon(1e-8));
  CHECK(results.portfolio->expected_return.value == doctest::Approx(0.0125).epsilon(1e-8));
}

TEST_CASE("own scenarios: the frontier of a case solved by hand, with nothing fresh") {
  TemporaryFolder folder;
  std::string study = kOwn;
  study.replace(study.find("gap: 1e-9"), 9, "gap: 1e-9, frontier: {points: 3}");
  folder.write("own.csv", "a,b\n0.2,0.05\n0.1,0.02\n0.05,0.01\n-0.1,-0.03\n");
  Results results = run_text(study, folder.path(), folder.path("out"));
  REQUIRE(results.frontier.size() ==
          3);  // the worst scenario is the tail: CVaR 0.1 a + 0.03 b; mean 0.0625 a + 0.0125 b
  for (int k = 0; k < 3; ++k) {
    const FrontierPoint& point = results.frontier[std::size_t(k)];
    CHECK(point.weights[0] == doctest::Approx(k / 2.0).epsilon(1e-7));
    CHECK(point.value == doctest::Approx(0.03 + 0.035 * k).epsilon(1e-7));
    CHECK(point.expected_return == doctest::Approx(0.0125 + 0.025 * k).epsilon(1e-7));
    CHECK(std::isnan(point.fresh.value));
  }
  folder.write("own.csv", "a,b\n0.2,0.05\n0.1,0.02\n0.05,0.01\n-0.5,-0.03\n");  // b earns most and loses least
  for (const FrontierPoint& point : run_text(study, folder.path(), folder.path("out")).frontier) {
    CHECK(point.weights[1] == doctest::Approx(1).epsilon(1e-7));
  }
}

TEST_CASE("own scenarios from HDF5 are those from CSV, and results.h5 itself is such a file") {
  TemporaryFolder folder;
  folder.write("own.csv", "a,b\n0.2,0.05\n0.1,0.02\n0.05,0.01\n-0.5,-0.03\n");
  Results csv = run_text(kOwn, folder.path(), folder.path("csv"));
  Results hdf5 = run_text(kOwn, folder.path(), folder.path("hdf5"), {parse_override("scenarios.path=csv/results.h5")});
  CHECK(hdf5.asset_names == csv.asset_names);
  CHECK(hdf5.optimizer->value == csv.optimizer->value);
  CHECK(hdf5.portfolio->weights == csv.portfolio->weights);
}

TEST_CASE("unusable scenarios are refused") {
  TemporaryFolder folder;
  auto run = [&](const std::string& content) {
    folder.write("own.csv", content);
    return message_of([&] { run_text(kOwn, folder.path(), folder.path("out")); });
  };
  CHECK(run("a,b\n0.1,nan\n").find("own.csv:2:5") != std::string::npos);
  CHECK(run("a,b\n0.1,\n").find("own.csv:2:5") != std::string::npos);
  CHECK(run("a,b\n0.1,-1.5\n").find("own.csv:2:5: error: a return of -1.5") != std::string::npos);
  CHECK(run("a,probability\n0.1,0.5\n0.2,0.4\n").find("sum to 0.9") != std::string::npos);
  CHECK(run("a,probability\n0.1,1.5\n0.2,-0.5\n").find("own.csv:3:5: error: a probability is negative") !=
        std::string::npos);
}

TEST_CASE("a surplus needs a liability column; assets may choose and name columns") {
  TemporaryFolder folder;
  folder.write("own.csv", "a,b,liability\n0.2,0.05,1\n0.1,0.02,0.9\n0.05,0.01,1.1\n-0.5,-0.03,1\n");
  Results results =
      run_text(kOwn, folder.path(), folder.path("out"),
               {parse_override("assets=[{name: bee, series: b}]"), parse_override("optimize.loss=surplus")});
  CHECK(results.asset_names == std::vector<std::string>{"bee"});
  // Worst quarter of l - (1 + R): scenario 3, 1.1 - 1.01.
  CHECK(results.optimizer->value == doctest::Approx(0.09).epsilon(1e-9));
  folder.write("own.csv", "a,b\n0.2,0.05\n0.1,0.02\n");
  std::string message =
      message_of([&] { run_text(kOwn, folder.path(), folder.path("out"), {parse_override("optimize.loss=surplus")}); });
  CHECK(message.find("liability") != std::string::npos);
}
