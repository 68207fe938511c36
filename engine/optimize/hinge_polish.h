#pragma once

#include "engine/optimize/hinge_program.h"

namespace ballast {

/// The last digits of an interior point's solution: the optimum of `programme` with its multipliers, by sequential
/// quadratic programming (Nocedal & Wright 2006, chapter 18) over the hinges near their kinks, the others staying on
/// their sides; each quadratic programme by the active-set method (quadratic_polish). It converges quadratically, to
/// rounding, from a solution that tells most of what holds. false, with `solution` as it was: what it began from told
/// too little, or there is a barrier.
bool polish(const HingeProgram& programme, HingeSolution& solution);

}  // namespace ballast
