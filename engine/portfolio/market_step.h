#pragma once

#include "engine/liabilities/discounted_sums.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// What markets did over one step, as assets see it. Curves: [tenor][lane], continuous zero rates.
struct MarketStep {
  int number = 1;                      ///< from 1: from (number - 1) dt to number dt
  const LaneArray& series_gross;       ///< [series][lane]
  const double* cash_gross = nullptr;  ///< [lane]
  const LaneArray& start_curve;
  const LaneArray& end_curve;
  // Where assets follow prices:
  const LaneArray* start_breakeven = nullptr;  ///< expected inflation
  const LaneArray* end_breakeven = nullptr;
  const double* price_growth = nullptr;  ///< [lane], of the price index over the step
  // Where assets follow credit spreads, [spread][lane]:
  const LaneArray* start_spreads = nullptr;
  const LaneArray* end_spreads = nullptr;

  DiscountCurve start() const { return {start_curve}; }
  DiscountCurve end() const { return {end_curve}; }
  DiscountCurve start_real() const { return {start_curve, start_breakeven}; }
  DiscountCurve end_real() const { return {end_curve, end_breakeven}; }
};

}  // namespace ballast
