#pragma once

#include <vector>

#include "engine/liabilities/liability_book.h"
#include "scenarios/market/curve_quotes.h"

namespace ballast {

/// What each liability's value changes by when one quote of the curve's instruments rises by a basis point (a discount
/// factor by 0.0001): [liability][instrument], by re-valuation on the curves of the quote a basis point up and down.
/// What was estimated for the curve (Smith-Wilson's alpha, a fit's decays) stays. The sum over instruments is no
/// duration: quotes that move together do not move zero rates alike.
std::vector<std::vector<double>> instrument_sensitivities(const LiabilityBook& book, const CurveQuotes& quotes,
                                                          const MarketState& market);

}  // namespace ballast
