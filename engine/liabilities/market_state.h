#pragma once

#include "engine/liabilities/liability_structure.h"
#include "scenarios/market/curve.h"

namespace ballast {

/// A market in which liabilities are valued: today's, or today's after a stress.
struct MarketState {
  YieldCurve curve;          ///< nominal, continuous zero rates
  YieldCurve breakeven;      ///< expected inflation as continuous zero rates; empty without inflation
  double price_index = 1.0;  ///< now, 1 at the valuation date: a sudden rise of prices is above 1
  LongevityShock longevity;
};

}  // namespace ballast
