#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/output/results_file.h"

namespace ballast {

/// Bytes that reading values back takes unless fewer are allowed.
inline constexpr std::uint64_t kColumnBytes = std::uint64_t(512) << 20;

/// Numbers of one scenario in a dataset: report times, times what else its dimensions count.
std::size_t columns_of(const ResultsFile& file, const std::string& dataset);

/// Hands the values of all scenarios in one column to `visit(number of the column, one column a dataset)`, for every
/// column, in no particular order and in parallel: of (scenario, time) a column is a report time, of (scenario, time,
/// tenor) a tenor at a time, the tenors of the first time first. Columns are in scenario order and may be destroyed.
/// Datasets have one shape. As many columns are read at once as fit into `bytes` (at least one): a file of S scenarios
/// and C columns is passed over once where all S x C values fit, and C times at worst, in 8 S bytes a dataset.
void visit_columns(const ResultsFile& file, const std::vector<std::string>& datasets, std::uint64_t bytes,
                   const std::function<void(std::size_t, std::vector<std::vector<double>>&)>& visit);

}  // namespace ballast
