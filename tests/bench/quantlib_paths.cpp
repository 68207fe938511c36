// Correlated lognormal series compounded into a fixed-mix portfolio with QuantLib's own path generator, one path at a
// time on one thread, as its users have it: StochasticProcessArray over geometric Brownian motions, pseudo-random
// normals by inversion.
//
// usage: ballast_bench_quantlib_paths SCENARIOS STEPS SERIES
// Measures a few hundred paths; prints seconds for SCENARIOS, and the mean wealth of those measured.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <ql/math/randomnumbers/rngtraits.hpp>
#include <ql/methods/montecarlo/multipathgenerator.hpp>
#include <ql/processes/geometricbrownianprocess.hpp>
#include <ql/processes/stochasticprocessarray.hpp>

using namespace QuantLib;

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: ballast_bench_quantlib_paths SCENARIOS STEPS SERIES\n");
    return 64;
  }
  const double all = std::atof(arguments[1]);
  const Size steps = Size(std::atoi(arguments[2])), series = Size(std::atoi(arguments[3]));
  constexpr int kMeasured = 400;
  std::vector<ext::shared_ptr<StochasticProcess1D>> processes;
  Matrix correlation(series, series, 0.4);
  for (Size i = 0; i < series; ++i) {
    const double volatility = 0.15 + 0.002 * double(i);
    // 0.005 a month in the logarithm.
    processes.push_back(
        ext::make_shared<GeometricBrownianMotionProcess>(1.0, 0.06 + volatility * volatility / 2, volatility));
    correlation[i][i] = 1.0;
  }
  const auto joint = ext::make_shared<StochasticProcessArray>(processes, correlation);
  const TimeGrid grid(double(steps) / 12.0, steps);
  MultiPathGenerator<PseudoRandom::rsg_type> generator(joint, grid,
                                                       PseudoRandom::make_sequence_generator(series * steps, 1), false);
  double total = 0.0;
  const auto begin = std::chrono::steady_clock::now();
  for (int s = 0; s < kMeasured; ++s) {
    const MultiPath& path = generator.next().value;
    double wealth = 1.0;
    for (Size t = 1; t <= steps; ++t) {
      double growth = 0.0;
      for (Size i = 0; i < series; ++i) growth += path[i][t] / path[i][t - 1];
      wealth *= growth / double(series);
    }
    total += wealth;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("seconds %.6f\nmeasured %d\nmean %.6f\n", seconds / kMeasured * all, kMeasured, total / kMeasured);
}
