#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/validate/path_statistics.h"

namespace ballast {

/// The sampling error of a history's own statistics: their standard deviation over kReplicates stationary bootstraps of
/// it (Politis & Romano 1994), whole rows at a time. The mean block is the longest that Patton, Politis & White (2009)
/// ask for any of the columns: of the returns, the changes and the squares of both for what is of single periods, of
/// the levels of rates and spreads for what is of levels. A share k/T counts (k' + 1) / (n + 2) with n = T / block
/// independent observations at least (Laplace's rule): that something never happened in a few decades is no proof that
/// it cannot.
inline constexpr int kReplicates = 200;

std::vector<double> history_errors(const PathStatistics& statistics, const ObservedPath& history, std::uint64_t seed);

}  // namespace ballast
