#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/output/results_file.h"

namespace ballast {

/// Bytes that reading values back takes unless fewer are allowed.
inline constexpr std::uint64_t kColumnBytes = std::uint64_t(512) << 20;

/// Hands the values of all scenarios at one report time to `visit(time number, one column a dataset)`, for every time,
/// in no particular order and in parallel. Columns are in scenario order and may be destroyed.
/// Datasets are (scenario, time). As many times are read at once as fit into `bytes` (at least one): a file of S
/// scenarios and T times is passed over once where all S x T values fit, and T times at worst, in 8 S bytes a dataset.
void visit_columns(const ResultsFile& file, const std::vector<std::string>& datasets, std::uint64_t bytes,
                   const std::function<void(std::size_t, std::vector<std::vector<double>>&)>& visit);

}  // namespace ballast
