#pragma once

#include <vector>

#include "engine/optimize/policy_paths.h"
#include "engine/output/results.h"
#include "engine/study/balance_path.h"
#include "engine/study/evaluate.h"

namespace ballast {

/// Simulates the optimise set over the policy's horizon and keeps the paths.
PolicyPaths simulate_policy_paths(const BalanceModel& model);

/// The multi-period policy that the study's `optimize.policy` asks for, found from `first` (weights of one period) and
/// other starts. `fresh` and `projection` are left to measure_policy. Constraints on weights bind in every period;
/// min_return, turnover and other limits that look at the one-period returns do not.
/// Errors: NoSolutionError (69).
PolicyResult optimise_study_policy(const BalanceModel& model, const std::vector<double>& first);

/// The policy as evaluate() projects it.
NamedPortfolio policy_portfolio(const PreparedStudy& study, const PolicyResult& policy);

/// The policy's objective on the fresh scenarios of portfolio number `portfolio`, and its projection.
void measure_policy(const PreparedStudy& study, const Evaluation& evaluation, std::size_t portfolio,
                    PolicyResult& policy);

}  // namespace ballast
