// The optimizer on a plain matrix, without a study: least CVaR and most return under a limit on it.

#include <cstdio>
#include <vector>

#include "engine/optimize/optimise.h"
#include "scenarios/base/error.h"

int main() {
  using namespace ballast;
  // 1,000 scenarios of three assets: steady, swinging, swinging the other way and earning more.
  std::vector<double> returns;
  for (int s = 0; s < 1000; ++s) {
    const double swing = 0.1 * ((s * 7919) % 1000 - 499.5) / 500.0;
    returns.insert(returns.end(), {0.01, 0.03 + swing, 0.05 - 2.0 * swing});
  }
  ScenarioSet scenarios;
  scenarios.scenarios = 1000;
  scenarios.assets = 3;
  scenarios.growth = returns.data();
  scenarios.asset_names = {"cash", "equity", "hedge"};

  FeasibleSet weights = long_only_simplex(3);
  const OptimizationResult least = optimise(Objective::min_cvar, scenarios, weights);
  std::printf("least CVaR %.8f, proven %.8f, hedge %.6f\n", least.value, *least.lower_bound, least.weights[2]);

  weights.cvar_limits.push_back({"limit", 0.95, 0.05});
  const OptimizationResult most = optimise(Objective::max_return, scenarios, weights);
  std::printf("most return %.8f, a unit of CVaR is worth %.4f\n", -most.value, -most.shadow_prices.back().price);

  weights.cvar_limits.back().max = -1.0;
  try {
    optimise(Objective::max_return, scenarios, weights);
    return 1;
  } catch (const NoSolutionError& error) {
    std::printf("%s\n", error.what());
  }
  // Two thirds equity hedge each other to (2 x 0.03 + 0.05) / 3 for certain.
  const bool right = least.status == "optimal" && most.status == "optimal" && least.value < -0.0366 &&
                     least.weights[2] > 0.333 && least.weights[2] < 0.334;
  return right ? 0 : 1;
}
