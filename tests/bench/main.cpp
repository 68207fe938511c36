#include "tests/bench/bench.h"

/// The kernels, on one thread, on blocks of scenarios that stay in the cache. Options are Google Benchmark's.
int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 64;
  ballast::bench::add_scenarios();
  ballast::bench::add_engine();
  benchmark::RunSpecifiedBenchmarks();
}
