#pragma once

#include "engine/optimize/programme_solver.h"

namespace ballast {

/// What an excess over a tail's limit is measured in: the limit, or the data's unit where that is near 0.
double excess_unit(const ConvexProgramme& programme, const TailTerm& tail);

/// The programme of the least largest excess over the limits that exclude weights, each in its own unit: 0 or less
/// exactly when they can hold together.
ConvexProgramme excess_programme(const ConvexProgramme& programme);

/// Solves it until the limits are clearly met or proven not to be.
ProgrammeOutcome least_excess(ProgrammeSolver& solver, int max_rounds);

}  // namespace ballast
