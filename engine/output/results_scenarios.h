#pragma once

#include <cstdint>
#include <vector>

#include "engine/output/results.h"
#include "engine/output/results_scales.h"

namespace ballast {

/// The datasets of results.h5 with a row a fresh scenario: created before the first scenario is simulated, filled block
/// by block. Which there are follows from the layout and its scales.
class ScenarioDatasets {
 public:
  static ScenarioDatasets create(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales);
  /// Those that create() made in this file, of which `appended` scenarios are there.
  static ScenarioDatasets open(const hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales,
                               std::uint64_t appended);

  /// The next block, in order. Its arrays must have the datasets' rows; those without a dataset are left out.
  void append(const EvaluateBlock& block);
  /// From now on blocks come in any order, and advance_to() says how many scenarios from the first are there.
  void take_any_order() { in_order_ = false; }
  void advance_to(std::uint64_t scenarios) { appended_ = scenarios; }
  /// All rows of a file with the same datasets, next.
  void append_file(const hdf5::File& other);
  std::uint64_t appended() const { return appended_; }

 private:
  /// One dataset, and the array of a block that fills it.
  struct Filled {
    hdf5::Dataset dataset;
    LaneArray EvaluateBlock::*values = nullptr;  ///< null: pv_by_liability, an array a liability
  };

  explicit ScenarioDatasets(const ResultsLayout& layout)
      : first_scenario_(layout.first_scenario), scenarios_(layout.scenarios) {}
  void append(hdf5::Dataset& dataset, const LaneArray& values, const EvaluateBlock& block);
  void append(hdf5::Dataset& dataset, const std::vector<LaneArray>& values, const EvaluateBlock& block);

  std::uint64_t first_scenario_, scenarios_, appended_ = 0;
  bool in_order_ = true;
  std::vector<Filled> all_;
  std::vector<double> buffer_;
};

/// Group /optimise, for the scenarios that the weights were fitted to.
void create_optimise_set(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales,
                         bool with_liability, bool with_probability);
/// Those scenarios, or some of them, into the group.
void write_optimise_set(hdf5::File& file, const ResultsLayout& layout, const OptimiseSet& set);

}  // namespace ballast
