#pragma once

#include "engine/optimize/constraints.h"
#include "engine/study/prepared_study.h"

namespace ballast {

/// The durations that limits on the duration gap count with: the assets' exposures to rates now. `duration` is empty
/// when a series looks like a bond and says nothing of its duration; key rates are those of `measures`, only with
/// liabilities.
BalanceDurations balance_durations(const PreparedStudy& study);

}  // namespace ballast
