#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "scenarios/stats/estimate.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// What each asset adds to CVaR of the loss L_s = rest_s - sum_i w_i R_si: c_i = -w_i E[R_i | tail], the tail as CVaR
/// counts it, with the atom at VaR split evenly (Euler allocation; Tasche 1999). They and `rest`, what the liability or
/// a benchmark adds, sum to CVaR. Standard errors (scenario_weights.h) from the influence (X - m) in the tail,
/// X = -w_i R_i and m its mean near VaR, which takes out the error of VaR itself (Hong & Liu 2009).
struct CvarContributions {
  std::vector<Estimate> asset;
  Estimate rest;
};

/// asset_return: row-major scenarios x weights.size(); loss: L_s, one a scenario; of_each: probabilities and how the
/// scenarios were drawn. 0 <= confidence < 1, else std::invalid_argument.
CvarContributions cvar_contributions(const double* asset_return, std::span<const double> loss,
                                     std::span<const double> weights, double confidence,
                                     const ScenarioWeights& of_each = {});

}  // namespace ballast
