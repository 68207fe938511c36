#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "scenarios/base/lanes.h"
#include "scenarios/random/draws.h"

namespace ballast::bench {

/// Registers a benchmark whose calls work() each make `items` of `unit`; it reports seconds an item as `per_item`.
/// A peer, the slow and obvious way to the same end, has the name of what it is compared with, " | " and its own:
/// scripts/bench makes the ratio from these.
template <class Work>
void add(const std::string& name, const std::string& unit, std::size_t items, Work work) {
  benchmark::RegisterBenchmark(name.c_str(), [unit, items, run = std::move(work)](benchmark::State& state) mutable {
    for (auto _ : state) {
      run();
      benchmark::ClobberMemory();  // what run() wrote counts as read
    }
    state.SetLabel(unit);
    using benchmark::Counter;
    state.counters["per_item"] = Counter(double(items), Counter::kIsIterationInvariantRate | Counter::kInvert);
  });
}

/// The draws of a block of scenarios, more than any benchmark uses.
inline BlockDraws endless_draws() {
  return BlockDraws(PcgSequence(1, Sequence::evaluate), 0, kBlockScenarios, std::uint64_t{1} << 40);
}

void add_scenarios();  ///< random numbers, lane mathematics, bootstrap
void add_engine();     ///< liabilities, bonds

}  // namespace ballast::bench
