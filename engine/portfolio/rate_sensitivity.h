#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/portfolio/asset_flows.h"
#include "scenarios/market/history.h"

namespace ballast {

/// How a series reacts to rates: return = -duration dz + convexity dz^2 / 2, dz the change of the continuous zero rate
/// at `tenor`.
struct RateSensitivity {
  double duration = 0.0;     ///< years
  double convexity = 0.0;    ///< years squared
  double tenor = 0.0;        ///< years
  double t_statistic = 0.0;  ///< of a regressed duration; 0 for a declared one

  double price_change(double rate_change) const {
    return -duration * rate_change + convexity * rate_change * rate_change / 2;
  }
  /// A regressed duration above 1 year with |t| above 3: the series moves as bonds do.
  bool bond_like() const { return duration > 1.0 && t_statistic > 3.0; }
};

/// Ordinary least squares of the series' log returns on the changes of one zero rate over the same periods: the tenor
/// that explains most. Duration is minus the slope. Empty without a curve history.
std::optional<RateSensitivity> regress_duration(const MarketHistory& history, std::size_t series);

/// Where what is known of an asset's reaction to rates comes from. undeclared: a series without `duration` whose
/// returns do not look like a bond's, taken not to react; unknown: one whose returns do.
enum class DurationSource { curve, declared, regressed, undeclared, unknown };
template <>
struct EnumNames<DurationSource> {
  static constexpr const char* value[] = {"curve", "declared", "regressed", "undeclared", "unknown"};
};

/// How each asset reacts to rates at the valuation date.
struct RateExposure {
  DurationSource source = DurationSource::undeclared;
  RateSensitivity series;           ///< of a series; all 0 for an undeclared one
  std::optional<AssetFlows> flows;  ///< of an asset that follows the curve

  /// Relative change in value when the curve becomes `stressed`, and expected inflation and the asset's own credit
  /// spread shift (of a series: by its duration); not below -1.
  double price_change(const YieldCurve& curve, const YieldCurve& stressed, double inflation_shift = 0.0,
                      double spread_shift = 0.0) const;
  /// Of a series the key rates around its tenor take its duration.
  AssetMeasures measures(const YieldCurve& curve, Compounding compounding, const std::vector<double>& key_rates) const;
};

/// One an asset. Errors: InputError with key paths assets[i].duration where auto finds no history of curves.
/// curve, breakeven, spreads (asset_flows.h): empty without one.
std::vector<RateExposure> rate_exposures(const std::vector<Asset>& assets,
                                         const std::vector<AssetParameters>& parameters, const YieldCurve& curve,
                                         const YieldCurve& breakeven, const MarketHistory& history,
                                         std::span<const double> spreads = {});

}  // namespace ballast
