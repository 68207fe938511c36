#pragma once

#include <string>
#include <vector>

#include "engine/optimize/problem.h"

namespace ballast {

/// A smallest set of constraints that no weights satisfy together: leave any one out and some do. Empty when the set is
/// not empty. Found by a deletion filter (Chinneck & Dravnieks 1991) over rows' limits and bounds, bounds of one name
/// being one constraint. Each entry reads like the constraint's name, with the limit.
std::vector<std::string> conflicting_constraints(const FeasibleSet& set);

/// Throws NoSolutionError with the conflicting constraints when no weights are allowed.
void require_feasible(const FeasibleSet& set);

}  // namespace ballast
