#pragma once

#include <optional>
#include <vector>

#include "engine/portfolio/assets.h"
#include "engine/portfolio/constant_maturity.h"
#include "engine/portfolio/corporate_bond.h"
#include "engine/portfolio/market_step.h"
#include "scenarios/base/lanes.h"
#include "scenarios/simulate.h"

namespace ballast {

/// How the study's assets turn what markets did into returns; the same for all blocks.
class AssetReturns {
 public:
  /// tenors: of the simulated curve; empty without one. initial: the curve at the valuation date; simulated ones are
  /// made as it is. step_years: 1 / steps_per_year.
  AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, const YieldCurve& initial, double step_years);

  std::size_t size() const { return assets_.size(); }
  const std::vector<Asset>& assets() const { return assets_; }

  /// Gross total returns over the step into out: [asset][lane].
  void step(const MarketStep& market, LaneArray& out) const;

  bool follow_prices() const;   ///< any of them
  bool follow_spreads() const;  ///< any of them

 private:
  std::vector<Asset> assets_;
  std::vector<double> tenors_;
  YieldCurve initial_;
  double step_years_;
  std::vector<std::optional<ConstantMaturityBond>> bonds_;   ///< one an asset
  std::vector<std::optional<CorporateBondFund>> corporate_;  ///< one an asset
};

/// The asset returns of one block of scenarios, step by step.
class AssetPath {
 public:
  /// world: at its start; with inflation where an asset follows prices, and with spreads where one follows those.
  AssetPath(const AssetReturns& returns, const WorldPath& world, std::size_t lanes);

  /// Follows the world's last step.
  void step(const WorldPath& world);
  const LaneArray& gross() const { return gross_; }  ///< [asset][lane], over the last step

 private:
  void keep_prices(const WorldPath& world);

  const AssetReturns& returns_;
  LaneArray gross_;
  LaneArray breakeven_before_, price_index_, price_growth_;  ///< where an asset follows prices
  int step_ = 0;
};

}  // namespace ballast
