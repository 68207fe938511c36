#pragma once

#include <cstdint>
#include <vector>

#include "engine/output/results.h"
#include "engine/study/prepared_study.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/hdf5.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// Distributions at the report times of the liabilities' measures beside PV and Macaulay duration, from the scenarios
/// in the file; none where the study did not ask for them. bytes, ranks: as of measure_projection().
std::vector<QuantityDistributions> measure_rows(const PreparedStudy& study, const hdf5::File& file,
                                                const ScenarioWeights& weights, std::uint64_t bytes, Ranks& ranks);

/// The same of consumer prices and credit spreads, those that are simulated.
std::vector<QuantityDistributions> market_rows(const PreparedStudy& study, const hdf5::File& file,
                                               const ScenarioWeights& weights, std::uint64_t bytes, Ranks& ranks);

}  // namespace ballast
