#pragma once

#include <cstdint>
#include <vector>

#include "engine/output/results.h"
#include "engine/study/prepared_study.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/hdf5.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// Distributions over the scenarios at the report times.
struct ProjectionMeasures {
  std::vector<std::vector<ProjectionRow>> portfolios;  ///< the second is the one of group /current
  std::vector<RateRow> rates;                          ///< empty without a simulated curve
  std::vector<QuantityDistributions> liability_measures, market_levels;
};

/// Measures what a results file holds of the scenarios' balance sheets, rates, prices and spreads. bytes: how much of
/// them may be in memory at a time (measure_columns). Of several ranks all call it at once, each with the file open for
/// itself and the same weights; the root has the measures.
ProjectionMeasures measure_projection(const PreparedStudy& study, const hdf5::File& file,
                                      const ScenarioWeights& weights, std::size_t portfolios, std::uint64_t bytes,
                                      Ranks& ranks);

}  // namespace ballast
