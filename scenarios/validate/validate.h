#pragma once

#include <cstdint>

#include "scenarios/market/history.h"
#include "scenarios/simulate.h"
#include "scenarios/validate/validation_row.h"

namespace ballast {

/// The level at which the table is judged, over all its rows.
inline constexpr double kValidationLevel = 0.05;

/// Scenarios of a fitted world against the history it was fitted to, and against theory. Simulates up to 1,024
/// scenarios as long as the history (fewer where the history is long or wide: about a million values, but at least
/// 128), with random numbers of their own (Sequence::calibrate). Each row's z is the difference over the Monte Carlo
/// error of the scenarios and the sampling error of the history's own value, together: history_error.h, and for levels
/// of rates, whose memory may exceed any block, at least the spread between scenarios of that length.
///
/// Rows against theory: the mean growth factor a step of each series, which every model promises to be the history's
/// (recentred where an expected return is given), and for short-rate models the closed-form prices of zero-coupon bonds
/// against their own risk-neutral twin (bond_price_rows). Of a risk-neutral set, whose drifts are not the history's,
/// only what does not depend on them is compared with the history, and the martingale tests over `years` (martingale.h)
/// are the theory. Bits do not depend on threads. Empty where nothing is random.
Validation validate(const World& world, const MarketHistory& history, double years, std::uint64_t seed);

}  // namespace ballast
