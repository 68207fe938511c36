#pragma once

#include "engine/output/json_values.h"
#include "engine/output/results.h"

namespace ballast {

/// What the stresses came to, as summary.json writes it.
Json stress_row(const StressRow& row, const Results& results);
Json capital_result(const CapitalResult& result);
Json stress_grid(const StressGrid& grid);
Json reverse_stress_result(const ReverseStress& found);

}  // namespace ballast
