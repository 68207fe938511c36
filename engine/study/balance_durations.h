#pragma once

#include "engine/optimize/constraints.h"
#include "engine/study/prepared_study.h"

namespace ballast {

/// The durations that limits on the duration gap count with: of bonds and cash off the curve, of a series its declared
/// one (its key rates those of a single payment then). `duration` is empty when a series declares none; key rates are
/// those of `measures`, only with liabilities.
BalanceDurations balance_durations(const PreparedStudy& study);

}  // namespace ballast
