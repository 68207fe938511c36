#pragma once

#include "engine/optimize/convex_programme.h"

namespace ballast {

/// Where a programme with one CVaR in its objective and no limits may begin: the optimum as if losses were normal,
/// linearised at `centre` (a quadratic programme on the moments of some blocks of scenarios), with its reduced costs.
/// Nothing is proved by it, and where it makes no sense (other programmes, no variance) the start is `centre` alone.
ProgrammeStart variance_start(const ConvexProgramme& programme, const Eigen::VectorXd& centre);

}  // namespace ballast
