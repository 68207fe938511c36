#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/output/result_table.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// Scenarios of the risk horizon as a results file holds them.
struct StoredHorizon {
  std::size_t scenarios = 0, assets = 0;
  std::uint64_t of = 0;              ///< how many the file holds
  std::vector<double> asset_return;  ///< row-major scenarios x assets
  std::vector<double> liability;     ///< fraction of initial assets; empty without
  std::vector<double> probability;   ///< empty: equal
};

/// Reads the fresh scenarios' returns, at most `most`: the first ones of simulated scenarios, which are all alike. Of a
/// user's own, whose order may mean something, all are read.
StoredHorizon read_horizon(const hdf5::File& file, std::uint64_t most, bool own_scenarios);

/// What the page's sliders work on: 2,000 to 10,000 scenarios spread evenly over all, each number kept in two to four
/// bytes; the stresses to choose from; and the engine's own numbers on the same scenarios, unrounded, for some settings
/// of the sliders, which the page has to reproduce. With portfolio weights w, stress returns x and scenario returns R:
///   assets at the horizon G = sum_i w_i (1 + x_i) (1 + R_i), in units of the assets now
///   liabilities l = l_0 m F_0 / F: m stressed over present value now, F_0 the study's funding ratio, F the slider's
///   loss of return 1 - G; loss of surplus l - G; funding ratio at the horizon G / l
///   shortfall: l - G above `tolerance`, so that rounding decides nothing where assets equal liabilities
nlohmann::ordered_json what_if_data(const StoredHorizon& horizon, const std::vector<std::string>& asset_names,
                                    const std::vector<ResultTable>& tables, double confidence);

}  // namespace ballast
