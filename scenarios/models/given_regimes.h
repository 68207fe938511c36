#pragma once

#include <vector>

#include "scenarios/models/innovations.h"
#include "scenarios/models/regimes.h"

namespace ballast {

/// Regimes with parameters that the study gives; what it does not name is the history's: mean and standard deviation of
/// a column, correlation of a pair. Filtered and smoothed over the history, beginning with the long-run probabilities.
/// Regimes stay in the order given. Throws key_error for unknown columns, correlations that cannot be, and a chain
/// without unique long-run probabilities.
Regimes given_regimes(const std::vector<RegimeParameters>& parameters, const InnovationHistory& history);

}  // namespace ballast
