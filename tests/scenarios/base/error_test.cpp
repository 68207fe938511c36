#include "scenarios/base/error.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

using namespace ballast;

namespace {

std::vector<Problem> problems(const std::string& file, int count) {
  std::vector<Problem> all;
  for (int k = 1; k <= count; ++k) all.push_back({file, k, 1, "", "is wrong"});
  return all;
}

}  // namespace

TEST_CASE("an error has a line for each problem, and counts those of a file beyond twenty") {
  auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n') + 1; };
  CHECK(std::string(InputError(problems("a.csv", 1)).what()) == "a.csv:1:1: error: is wrong");
  CHECK(lines(InputError(problems("a.csv", 21)).what()) == 21);

  std::vector<Problem> many = problems("a.csv", 400);
  for (Problem& problem : problems("b.csv", 3)) many.push_back(problem);
  const InputError error(many);
  const std::string text = error.what();
  CHECK(error.problems().size() == 403);
  CHECK(lines(text) == 20 + 1 + 3);
  CHECK(text.find("a.csv:20:1: error: is wrong\na.csv: error: and 380 more problems\nb.csv:1:1: error: is wrong") !=
        std::string::npos);
  CHECK(text.find("a.csv:21:1") == std::string::npos);
}
