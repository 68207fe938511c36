#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ballast {

/// Scenarios that a user brings (`scenarios: {model: file}`), as they stand in the file.
struct StoredScenarios {
  std::uint64_t scenarios = 0;
  std::vector<std::string> assets;
  std::vector<double> asset_return;  ///< row-major scenarios x assets, simple returns
  std::vector<double> probability;   ///< empty without; as given, not checked to sum to 1
  std::vector<double> liability;     ///< empty without; in units of initial assets
};

/// Reads dataset asset_return(scenario, asset) of an HDF5 file and, where there are, probability(scenario) and
/// liability(scenario). Assets are named by the dataset's scale, else by a text dataset `asset`, else asset_1,
/// asset_2, ... Throws InputError: 66 when there is no such file; 65 when it is no HDF5 file, a dataset has another
/// shape, or a number is missing or infinite (the scenario is said, counted from 0), below -1, or
/// two assets have one name.
StoredScenarios read_scenarios_hdf5(const std::string& path);

/// The same from the file's content, for copies embedded in a results file; `name` stands for it in messages.
StoredScenarios read_scenarios_hdf5_content(const std::string& name, std::string_view content);

}  // namespace ballast
