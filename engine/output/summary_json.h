#pragma once

#include <string>
#include <vector>

#include "engine/output/results.h"

namespace ballast {

/// The text of summary.json (keys: FORMAT.md). Numbers read back to the same bits; what is not a number (NaN), and what
/// the study does not have, is null.
std::string summary_json(const Results& results);

/// What ballast optimize --json prints (FORMAT.md): the weights, and `optimizer` as in summary.json.
std::string optimum_json(const OptimizerResult& found, const std::vector<std::string>& asset_names,
                         const std::vector<double>& weights);

/// The same as summary_json without what varies between runs of one study (times, threads, memory).
std::string reproducible_summary_json(const Results& results);

}  // namespace ballast
