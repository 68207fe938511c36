#pragma once

#include <string>

#include "engine/output/results.h"

namespace ballast {

/// The text of summary.json (keys: FORMAT.md). Numbers read back to the same bits; what is not a number (NaN), and what
/// the study does not have, is null.
std::string summary_json(const Results& results);

/// The same without what varies between runs of one study (times, threads, memory).
std::string reproducible_summary_json(const Results& results);

}  // namespace ballast
