#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/base/ranks.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// Bytes that reading values back takes unless fewer are allowed.
inline constexpr std::uint64_t kColumnBytes = std::uint64_t(512) << 20;

/// What is measured of each column, the values of all scenarios: a report time of a dataset (scenario, time), a label
/// at a report time of one (scenario, time, label), the labels of the first time first.
struct ColumnMeasure {
  std::vector<std::string> datasets;
  std::size_t numbers = 0;  ///< that measure() returns
  /// One column a dataset, in the order of scenarios. May change them; is called in parallel.
  std::function<std::vector<double>(const std::vector<std::span<double>>&)> measure;
};

/// The numbers of each measure in each column: [measure][column][number]. All datasets have one shape. Several ranks
/// divide measures and columns; all call it at once, each with its own view of the file, and the root has the numbers
/// (elsewhere empty).
///
/// Columns are read in groups that fit into `bytes` (at least one of each measure), the next group while one is
/// measured: a file of S scenarios and C columns is passed over once where 2 S x C values fit, and C times at worst.
std::vector<std::vector<std::vector<double>>> measure_columns(const hdf5::File& file,
                                                              const std::vector<ColumnMeasure>& measures,
                                                              std::uint64_t bytes, Ranks& ranks);

}  // namespace ballast
