#pragma once

#include <cstdint>
#include <vector>

#include "engine/output/results_file.h"
#include "engine/study/prepared_study.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// Distributions at the report times of the liabilities' measures beside PV and Macaulay duration, from the scenarios
/// in the file; none where the study did not ask for them. bytes: as of project_rows().
std::vector<QuantityDistributions> measure_rows(const PreparedStudy& study, const ResultsFile& file,
                                                const ScenarioWeights& weights, std::uint64_t bytes);

/// The same of consumer prices and credit spreads, those that are simulated.
std::vector<QuantityDistributions> market_rows(const PreparedStudy& study, const ResultsFile& file,
                                               const ScenarioWeights& weights, std::uint64_t bytes);

}  // namespace ballast
