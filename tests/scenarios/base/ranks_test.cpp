#include "scenarios/base/ranks.h"

#include <numeric>
#include <string>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "tests/thread_ranks.h"

using namespace ballast;
using ballast::test::run_ranks;

namespace {

std::string text_of(const std::exception_ptr& thrown) {
  if (!thrown) return "";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("an error on one rank is that error on all, the first rank's when several fail") {
  const auto thrown = run_ranks(4, [](Ranks& ranks) {
    run_together(ranks, [&] {
      if (ranks.rank() == 2) throw Error(ExitCode::cannot_write, "the disk is full");
      if (ranks.rank() == 3) throw Stopped(15);
    });
    FAIL("goes on after an error");
  });
  for (const std::exception_ptr& each : thrown) {
    CHECK(text_of(each) == "the disk is full");
    try {
      std::rethrow_exception(each);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::cannot_write);
    } catch (...) {
      FAIL("another kind of error");
    }
  }
}

TEST_CASE("a signal to one rank stops all, and says whether there is a checkpoint") {
  const auto thrown = run_ranks(3, [](Ranks& ranks) {
    run_together(ranks, [&] {
      if (ranks.rank() == 1) throw Stopped(10, "stopped", true);
    });
  });
  for (const std::exception_ptr& each : thrown) {
    try {
      std::rethrow_exception(each);
    } catch (const Stopped& stopped) {
      CHECK(stopped.signal() == 10);
      CHECK(stopped.checkpoint());
    }
  }
}

TEST_CASE("values of the root, and parts that cover everything once") {
  const auto thrown = run_ranks(3, [](Ranks& ranks) {
    CHECK(of_root(ranks, std::string(ranks.root() ? "said by the root" : "else")) == "said by the root");
    CHECK(of_root(ranks, std::vector<double>(ranks.root() ? 5 : 0, 2.5)) == std::vector<double>(5, 2.5));
    CHECK(of_root(ranks, 7 * int(ranks.rank() + 1)) == 7);
    int on_root = 0;
    run_on_root(ranks, [&] { on_root = 1; });
    CHECK(on_root == int(ranks.root()));
    for (std::size_t count : {0, 1, 2, 3, 100}) {
      const RankPart part = part_of(ranks, count);
      std::vector<double> mine(part.size());
      std::iota(mine.begin(), mine.end(), double(part.begin));
      std::vector<double> all(count);
      std::iota(all.begin(), all.end(), 0.0);
      CHECK(ranks.gather_everywhere(mine) == all);
    }
  });
  for (const std::exception_ptr& each : thrown) CHECK(text_of(each).empty());
}
