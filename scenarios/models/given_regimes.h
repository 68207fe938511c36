#pragma once

#include <string>
#include <vector>

#include "scenarios/models/innovations.h"
#include "scenarios/models/regimes.h"

namespace ballast {

/// Regimes with parameters that the study gives; what it does not name is the history's: mean and standard deviation of
/// a column, correlation of a pair. Filtered and smoothed over the history, beginning with the long-run probabilities.
/// Regimes stay in the order given. Throws key_error for unknown columns, correlations that cannot be, and a chain
/// without unique long-run probabilities.
Regimes given_regimes(const std::vector<RegimeParameters>& parameters, const InnovationHistory& history);

/// Fitted regimes as a study would give them, every column and pair named, so that given_regimes() makes the same
/// distributions of them to the last bit whenever it is given them again.
std::vector<RegimeParameters> regime_parameters(const Regimes& regimes, const std::vector<std::string>& columns);

}  // namespace ballast
