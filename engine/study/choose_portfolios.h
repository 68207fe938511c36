#pragma once

#include <optional>
#include <vector>

#include "engine/study/evaluate.h"
#include "engine/study/memory_plan.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/run_file.h"
#include "engine/study/worst_case.h"

namespace ballast {

/// What weights are sought with; empty when they are given, or the study does not optimise.
struct WeightSearch {
  OptimiseInputs inputs;
  WorstCase worst_case;
};

/// The portfolios to measure: the optimal weights, found on scenarios of their own or given, then the current ones.
/// Writes the scenarios that weights were fitted to into the file, which from here on all ranks share, and the
/// optimizer's findings into the results.
std::vector<NamedPortfolio> choose_portfolios(const BalanceModel& model, const RunRequest& request,
                                              std::optional<WeightSearch>& search, const MemoryPlan& memory,
                                              RunFile& file, Results& results);

}  // namespace ballast
