#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace ballast {

/// Threads used from now on; 0: as many as the affinity mask allows. Results never depend on it.
void set_threads(int count);
int threads();

/// Runs task(i) for every i < count, in no particular order. An exception of a task ends the loop and is rethrown.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& task);

/// Computes produce(i) for i < count in parallel and hands the results to consume(i, result) one at a time, in order of
/// i. At most `in_flight` results (0: 2 + 2 x threads) exist at a time, so memory does not grow with count. Throws
/// Stopped between items when a signal asked for it.
void ordered_pipeline(std::size_t count, const std::function<std::shared_ptr<void>(std::size_t)>& produce,
                      const std::function<void(std::size_t, void*)>& consume, std::size_t in_flight = 0);

/// Typed form: Item produce(i), consume(i, Item&).
template <class Produce, class Consume>
void ordered_blocks(std::size_t count, Produce&& produce, Consume&& consume, std::size_t in_flight = 0) {
  using Item = std::invoke_result_t<Produce, std::size_t>;
  ordered_pipeline(
      count, [&](std::size_t i) { return std::static_pointer_cast<void>(std::make_shared<Item>(produce(i))); },
      [&](std::size_t i, void* item) { consume(i, *static_cast<Item*>(item)); }, in_flight);
}

}  // namespace ballast
