#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/optimize/optimize_parameters.h"
#include "engine/optimize/problem.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// The weights that satisfy `constraints`, with the study keys as names. `mean_return`: expected simple return of each
/// asset over the horizon (needed with min_return). Turnover and leverage get one auxiliary variable an asset, a_i >=
/// |w_i - from_i|, and a row sum a <= limit. Throws InputError with the key of what is unusable, such as an unknown
/// asset.
FeasibleSet feasible_set(const ConstraintParameters& constraints, const std::vector<std::string>& assets,
                         std::span<const double> mean_return);

}  // namespace ballast
