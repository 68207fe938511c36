#include "scenarios/base/parallel.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <sched.h>

#ifdef BALLAST_EXECUTOR_TBB
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>
#endif

#include "scenarios/base/stop.h"

namespace ballast {
namespace {

int affinity_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
  return int(std::max(1u, std::thread::hardware_concurrency()));
}

int thread_count = 0;

}  // namespace

void set_threads(int count) { thread_count = count; }
int threads() { return thread_count > 0 ? thread_count : affinity_threads(); }

#ifdef BALLAST_EXECUTOR_TBB

namespace {

/// One arena for the process; made anew when the number of threads changes. The limit is raised with it: TBB warns on
/// standard error when an arena wants more threads than the processor has.
tbb::task_arena& arena() {
  static std::unique_ptr<tbb::global_control> limit;
  static std::unique_ptr<tbb::task_arena> current;
  static int made_for = 0;
  if (made_for != threads()) {
    made_for = threads();
    limit = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism, made_for);
    current = std::make_unique<tbb::task_arena>(made_for);
  }
  return *current;
}

}  // namespace

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& task) {
  if (count == 1) return task(0);
  arena().execute([&] {
    // Tasks are long, and may differ: each is handed out by itself.
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& some) {
          for (std::size_t i = some.begin(); i != some.end(); ++i) task(i);
        },
        tbb::simple_partitioner());
  });
}

void ordered_pipeline(std::size_t count, const std::function<std::shared_ptr<void>(std::size_t)>& produce,
                      const std::function<void(std::size_t, void*)>& consume, std::size_t in_flight) {
  // The results stand in slots of our own and TBB passes pointers to them: objects that it passes by value are lost
  // when a body throws (oneTBB 2021.8). Results leave in order, so slot i % tokens is free again when i begins.
  struct Slot {
    std::size_t index = 0;
    std::shared_ptr<void> result;
  };
  std::vector<Slot> slots(in_flight ? in_flight : 2 + 2 * std::size_t(threads()));
  std::size_t next = 0;
  arena().execute([&] {
    tbb::parallel_pipeline(
        slots.size(),
        tbb::make_filter<void, Slot*>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& flow) -> Slot* {
          check_stop();
          if (next >= count) {
            flow.stop();
            return nullptr;
          }
          Slot& slot = slots[next % slots.size()];
          slot.index = next++;
          return &slot;
        }) & tbb::make_filter<Slot*, Slot*>(tbb::filter_mode::parallel, [&](Slot* slot) {
          slot->result = produce(slot->index);
          return slot;
        }) & tbb::make_filter<Slot*, void>(tbb::filter_mode::serial_in_order, [&](Slot* slot) {
          consume(slot->index, slot->result.get());
          slot->result.reset();
        }));
  });
  check_stop();
}

#else

// The thread sanitizer's executor: std::jthread, one atomic counter, one mutex.

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < count;) {
      try {
        task(i);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int k = 1; k < threads() && std::size_t(k) < count; ++k) pool.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

void ordered_pipeline(std::size_t count, const std::function<std::shared_ptr<void>(std::size_t)>& produce,
                      const std::function<void(std::size_t, void*)>& consume, std::size_t in_flight) {
  std::size_t tokens = in_flight ? in_flight : 2 + 2 * std::size_t(threads());
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t next = 0, consumed = 0;
  std::map<std::size_t, std::shared_ptr<void>> ready;
  std::exception_ptr failure;
  auto fail = [&] {
    std::lock_guard lock(mutex);
    if (!failure) failure = std::current_exception();
    changed.notify_all();
  };
  auto work = [&] {
    try {
      while (true) {
        std::size_t i;
        {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return failure || next >= count || next < consumed + tokens; });
          if (failure || next >= count) return;
          i = next++;
        }
        check_stop();
        std::shared_ptr<void> item = produce(i);
        std::lock_guard lock(mutex);
        ready.emplace(i, std::move(item));
        changed.notify_all();
      }
    } catch (...) {
      fail();
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int k = 0; k < threads(); ++k) pool.emplace_back(work);
    try {
      for (std::size_t i = 0; i < count; ++i) {
        std::shared_ptr<void> item;
        {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return failure || ready.count(i); });
          if (failure) break;
          item = std::move(ready.at(i));
          ready.erase(i);
        }
        consume(i, item.get());
        std::lock_guard lock(mutex);
        ++consumed;
        changed.notify_all();
      }
    } catch (...) {
      fail();
    }
  }
  if (failure) std::rethrow_exception(failure);
  check_stop();
}

#endif

}  // namespace ballast
