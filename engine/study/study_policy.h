#pragma once

#include <vector>

#include "engine/optimize/policy_paths.h"
#include "engine/output/results.h"
#include "engine/study/balance_path.h"

namespace ballast {

/// Simulates the optimise set over the policy's horizon and keeps the paths, re-weighted to the study's views at the
/// risk horizon: what they did is added to results.views and results.view_sets as the sample "policy".
PolicyPaths simulate_policy_paths(const BalanceModel& model, Results& results);

/// The multi-period policy that the study's `optimize.policy` asks for, found from `first` (weights of one period) and
/// other starts, and measured on the evaluation scenarios. Constraints on weights bind in every period; min_return,
/// turnover and other limits that look at the one-period returns do not. Views re-weight both sets, as everywhere.
/// Sets results.policy. Errors: NoSolutionError (69); Stopped.
void optimise_study_policy(const BalanceModel& model, const std::vector<double>& first, Results& results);

}  // namespace ballast
