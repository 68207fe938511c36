#pragma once

#include <optional>
#include <vector>

#include "engine/portfolio/assets.h"
#include "engine/portfolio/constant_maturity.h"
#include "scenarios/base/lanes.h"
#include "scenarios/simulate.h"

namespace ballast {

/// What prices did over a step, for assets that follow them: real zero rates at its start and end, [tenor][lane]
/// (nominal less expected inflation), and the price index's growth, [lane].
struct PriceStep {
  const LaneArray& start_real;
  const LaneArray& end_real;
  const double* growth;
};

/// How the study's assets turn what markets did into returns; the same for all blocks.
class AssetReturns {
 public:
  /// tenors: of the simulated curve; empty without one. step_years: 1 / steps_per_year.
  AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, double step_years);

  std::size_t size() const { return assets_.size(); }
  const std::vector<Asset>& assets() const { return assets_; }

  /// Gross total returns over step number `step` (from 1) into out: [asset][lane]. series_gross: [series][lane];
  /// curves: [tenor][lane], continuous zero rates at the step's start and end; cash_gross: [lane]; prices: where an
  /// asset follows them.
  void step(int step, const LaneArray& series_gross, const double* cash_gross, const LaneArray& start_curve,
            const LaneArray& end_curve, LaneArray& out, const PriceStep* prices = nullptr) const;

  bool follow_prices() const;  ///< any of them

 private:
  std::vector<Asset> assets_;
  std::vector<double> tenors_;
  double step_years_;
  std::vector<std::optional<ConstantMaturityBond>> bonds_;  ///< one an asset
};

/// The asset returns of one block of scenarios, step by step.
class AssetPath {
 public:
  /// world: at its start; with inflation where an asset follows prices.
  AssetPath(const AssetReturns& returns, const WorldPath& world, std::size_t lanes);

  /// Follows the world's last step.
  void step(const WorldPath& world);
  const LaneArray& gross() const { return gross_; }  ///< [asset][lane], over the last step

 private:
  const AssetReturns& returns_;
  void set_real(const WorldPath& world);

  LaneArray gross_;
  LaneArray real_before_, real_, price_index_, price_growth_;  ///< where an asset follows prices
  int step_ = 0;
};

}  // namespace ballast
