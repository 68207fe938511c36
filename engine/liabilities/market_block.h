#pragma once

#include "scenarios/base/lanes.h"

namespace ballast {

/// What liabilities need to know of a block of scenarios at one time.
struct MarketBlock {
  const LaneArray& curve;                ///< [tenor][lane], continuous zero rates
  const double* price_index = nullptr;   ///< [lane], 1 at the valuation date; null without inflation
  const LaneArray* breakeven = nullptr;  ///< [tenor][lane], expected inflation as continuous zero rates; null likewise
};

}  // namespace ballast
