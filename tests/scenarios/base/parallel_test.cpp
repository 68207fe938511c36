#include "scenarios/base/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/base/stop.h"

using namespace ballast;

TEST_CASE("parallel_for runs each task once") {
  for (int n : {1, 2, 5}) {
    set_threads(n);
    std::vector<std::atomic<int>> runs(1000);
    parallel_for(runs.size(), [&](std::size_t i) { ++runs[i]; });
    for (auto& r : runs) CHECK(r == 1);
  }
  set_threads(0);
}

TEST_CASE("ordered_blocks consumes in order, with few items alive, whatever the threads") {
  for (int n : {1, 2, 7}) {
    set_threads(n);
    struct Item {
      std::size_t value;
    };
    std::atomic<int> alive{0}, most{0};
    std::vector<std::size_t> seen;
    ordered_blocks(
        200,
        [&](std::size_t i) {
          int now = ++alive;
          int before = most;
          while (now > before && !most.compare_exchange_weak(before, now)) {
          }
          return Item{i * i};
        },
        [&](std::size_t i, Item& item) {
          CHECK(item.value == i * i);
          seen.push_back(i);
          --alive;
        },
        4);
    CHECK(seen.size() == 200);
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == i);
    CHECK(most <= 4);
  }
  set_threads(0);
}

TEST_CASE("an exception of a task reaches the caller") {
  CHECK_THROWS_WITH(parallel_for(50,
                                 [](std::size_t i) {
                                   if (i == 17) throw std::runtime_error("seventeen");
                                 }),
                    "seventeen");
  CHECK_THROWS_WITH(ordered_blocks(
                        50,
                        [](std::size_t i) {
                          if (i == 17) throw std::runtime_error("seventeen");
                          return int(i);
                        },
                        [](std::size_t, int&) {}),
                    "seventeen");
}

TEST_CASE("an exception loses no result") {
  static std::atomic<int> alive{0};
  struct Item {
    Item() { ++alive; }
    Item(const Item&) { ++alive; }
    ~Item() { --alive; }
  };
  for (int n : {1, 2, 5}) {
    set_threads(n);
    for (std::size_t fails_at : {0u, 1u, 17u, 49u}) {
      auto fail = [&](std::size_t i) {
        if (i == fails_at) throw std::runtime_error("failed");
      };
      CHECK_THROWS(ordered_blocks(
          50,
          [&](std::size_t i) {
            fail(i);
            return Item();
          },
          [](std::size_t, Item&) {}));
      CHECK(alive.load() == 0);
      CHECK_THROWS(ordered_blocks(
          50, [](std::size_t) { return Item(); }, [&](std::size_t i, Item&) { fail(i); }));
      CHECK(alive.load() == 0);
    }
  }
  set_threads(0);
}

TEST_CASE("a signal stops the pipeline between blocks") {
  std::size_t consumed = 0;
  CHECK_THROWS_AS(ordered_blocks(
                      100000, [](std::size_t i) { return i; },
                      [&](std::size_t i, std::size_t&) {
                        ++consumed;
                        if (i == 3) request_stop(2);
                      }),
                  Stopped);
  request_stop(0);
  CHECK(consumed < 1000);
}
