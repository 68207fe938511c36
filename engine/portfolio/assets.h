#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/portfolio/portfolio_parameters.h"
#include "scenarios/market/curve.h"

namespace ballast {

enum class AssetKind { series, constant_maturity, zero_coupon, cash };

/// One asset, its study entry made definite.
struct Asset {
  std::string name;
  AssetKind kind = AssetKind::series;
  std::size_t series_index = 0;     ///< series: its place among the assets that are series, in the study's order
  std::string series;               ///< series: column of the history
  ConstantMaturityParameters bond;  ///< constant_maturity
  double zero_coupon_years = 0.0;   ///< zero_coupon: from the valuation date to maturity
};

/// The study's assets. has_curve: whether a yield curve is simulated, which bonds and cash need.
/// Errors, all at once: InputError with key paths assets[i] for two assets of one name and bonds without a curve.
std::vector<Asset> resolve_assets(const std::vector<AssetParameters>& assets, bool has_curve);

/// The history's column of each asset that is a series, by series_index.
std::vector<std::string> series_columns(const std::vector<Asset>& assets);

/// -PV'/PV under a parallel shift of the curve's zero rates so compounded, at the curve's date, in years. A par bond is
/// one bought now; cash is a deposit of one step. Empty for a series: its history alone does not say.
std::optional<double> modified_duration(const Asset& asset, const YieldCurve& curve, Compounding compounding,
                                        double step_years);

}  // namespace ballast
