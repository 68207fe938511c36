#pragma once

#include <span>
#include <vector>

#include "engine/output/results.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// The quantiles that results report: 0.5%, 1%, 5%, 25%, 50%, 75%, 95%, 99%, 99.5%.
const std::vector<double>& reported_quantiles();

/// Mean, its standard error, and reported quantiles of one value a scenario; a scenario where the quantity is not a
/// number is left out. All NaN when none is left. Changes `values`.
Distribution distribution(std::span<double> values, const ScenarioWeights& weights = {});

/// P(value < bound), a NaN counting as not below.
Estimate share_below(std::span<const double> values, double bound, const ScenarioWeights& weights = {});

/// P(assets < liabilities). A billionth of the initial assets is rounding: a matched book never falls short.
Estimate shortfall_probability(std::span<const double> surplus, double initial_assets, const ScenarioWeights& weights);

}  // namespace ballast
