#pragma once

#include <string>
#include <vector>

#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// The balance sheet of one portfolio on every pair of an asset return and a parallel shift of the curve. The assets
/// moved take the return instead of following rates; all others follow rates. Throws std::invalid_argument for an
/// unknown asset, or where there is none to move.
StressGrid stress_grid(const StressedBalance& balance, const std::string& name, const StressGridParameters& parameters,
                       const std::string& portfolio, const std::vector<double>& weights);

/// The assets that a grid moves.
std::vector<std::size_t> grid_assets(const StressedBalance& balance, const StressGridParameters& parameters);

}  // namespace ballast
