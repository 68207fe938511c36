#pragma once

#include <vector>

#include "engine/output/result_table.h"
#include "engine/output/results.h"

namespace ballast {

/// All tables that these results have rows for. Missing numbers are NaN.
std::vector<ResultTable> result_tables(const Results& results);

}  // namespace ballast
