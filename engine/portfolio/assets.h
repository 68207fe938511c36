#pragma once

#include <string>
#include <vector>

#include "engine/liabilities/cash_flows.h"
#include "engine/portfolio/asset_parameters.h"
#include "engine/portfolio/corporate_bond_parameters.h"
#include "scenarios/market/curve.h"

namespace ballast {

enum class AssetKind {
  series,
  constant_maturity,
  held_bond,
  swap_overlay,
  inflation_linked,
  held_linked_bond,
  corporate_bond,
  cash
};

/// One asset, its study entry made definite.
struct Asset {
  std::string name;
  AssetKind kind = AssetKind::series;
  std::size_t series_index = 0;       ///< series: its place among the assets that are series, in the study's order
  std::string series;                 ///< series: column of the history
  ConstantMaturityParameters bond;    ///< constant_maturity, inflation_linked; of a swap_overlay its fixed leg
  double notional = 0.0;              ///< swap_overlay: per unit of collateral
  CorporateBondParameters corporate;  ///< corporate_bond
  std::size_t spread_index = 0;       ///< corporate_bond: its spread's place among the distinct ones (spread_columns)
  CashFlows held;                     ///< held_bond: what it pays; held_linked_bond: in money of the valuation date
};

/// The study's assets. has_curve: whether a yield curve is simulated, which bonds and cash need. A held bond with a par
/// coupon has no flows yet: buy_par_bonds sets them.
/// Errors, all at once: InputError with key paths assets[i] for two assets of one name and bonds without a curve.
std::vector<Asset> resolve_assets(const std::vector<AssetParameters>& assets, bool has_curve);

/// Sets what held bonds pay whose coupon is to be par in the market of the valuation date; of index-linked ones on the
/// real curve: nominal zero rates less breakeven (continuous; empty without inflation).
void buy_par_bonds(std::vector<Asset>& assets, const std::vector<AssetParameters>& parameters, const YieldCurve& curve,
                   const YieldCurve& breakeven);

/// The distinct columns of market.spreads that assets follow, by spread_index.
std::vector<std::string> spread_columns(const std::vector<Asset>& assets);

/// The history's column of each asset that is a series, by series_index.
std::vector<std::string> series_columns(const std::vector<Asset>& assets);

}  // namespace ballast
