#include "scenarios/base/suggest.h"

#include <doctest/doctest.h>

using namespace ballast;

TEST_CASE("edit distance counts insertions, deletions, replacements and swaps of neighbours") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("equtiy", "equity") == 1);
  CHECK(edit_distance("Equity", "eQUITY") == 0);
  CHECK(edit_distance("ca", "abc") == 3);  // optimal string alignment: a swapped pair is not edited again
}

TEST_CASE("the nearest candidate is suggested, and nothing when none is near") {
  std::vector<std::string> keys = {"returns", "curve", "curve_history", "window"};
  CHECK(did_you_mean("retruns", keys) == "did you mean 'returns'?");
  CHECK(did_you_mean("curve_histroy", keys) == "did you mean 'curve_history'?");
  CHECK(did_you_mean("Curves", keys) == "did you mean 'curve'?");
  CHECK(did_you_mean("seed", keys) == "");
  CHECK(did_you_mean("sweep", {"seed-index", "sweep-index"}) == "did you mean 'sweep-index'?");
  CHECK(did_you_mean("sweep", {"sweep-first", "sweep-index"}) == "");
  CHECK(did_you_mean("x", {"y"}) == "");  // replacing everything is no misspelling
  CHECK(did_you_mean("anything", {}) == "");
}
