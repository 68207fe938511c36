#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/portfolio/assets.h"

namespace ballast {

/// One unit of money in an asset that follows the curve, at the valuation date: flows that the curve discounts, and
/// money on call, whose value no rate changes (the collateral of swaps and their floating leg, reset at each step).
struct AssetFlows {
  CashFlows flows;
  double on_call = 0.0;
  bool indexed = false;  ///< the flows are expected amounts of payments that follow prices

  /// 1 in the market of the valuation date. inflation_shift: added to expected inflation at all terms, where the flows
  /// follow prices; spread_shift: to the spread that discounts them (both continuous).
  double value(const YieldCurve& curve, double inflation_shift = 0.0, double spread_shift = 0.0) const;
};

/// Empty for a series: its history alone does not say. A constant-maturity bond is one bought now. breakeven: expected
/// inflation as continuous zero rates, which index-linked bonds need; spreads: now, by spread_index.
std::optional<AssetFlows> asset_flows(const Asset& asset, const YieldCurve& curve, const YieldCurve& breakeven,
                                      std::span<const double> spreads = {});

/// How the value V of an asset reacts to rates: -V'/V and V''/V under a parallel shift of the zero rates as compounded,
/// and -V'/V under shifts in the shape of each key rate (engine/liabilities/valuation.h).
struct AssetMeasures {
  double modified_duration = 0.0;          ///< years
  double convexity = 0.0;                  ///< years squared
  std::vector<double> key_rate_durations;  ///< years, summing to modified_duration
};

AssetMeasures measure(const AssetFlows& asset, const YieldCurve& curve, Compounding compounding,
                      std::span<const double> key_rates);

}  // namespace ballast
