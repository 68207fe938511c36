#pragma once

#include "engine/output/results.h"
#include "engine/output/results_scales.h"

namespace ballast {

/// What was found over all scenarios, as arrays with named dimensions: weights, quantiles of the projection,
/// /liabilities, /stress, /frontier, /policy, /contributions.
void write_findings(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales, const Results& results);

/// Of these only the weights: all that a part of the scenarios can know.
void write_weights(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales, const Results& results);

}  // namespace ballast
