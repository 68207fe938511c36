#pragma once

#include <optional>
#include <vector>

#include "engine/portfolio/assets.h"
#include "engine/portfolio/constant_maturity.h"
#include "scenarios/base/lanes.h"
#include "scenarios/simulate.h"

namespace ballast {

/// How the study's assets turn what markets did into returns; the same for all blocks.
class AssetReturns {
 public:
  /// tenors: of the simulated curve; empty without one. step_years: 1 / steps_per_year.
  AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, double step_years);

  std::size_t size() const { return assets_.size(); }
  const std::vector<Asset>& assets() const { return assets_; }

  /// Gross total returns over step number `step` (from 1) into out: [asset][lane]. series_gross: [series][lane];
  /// curves: [tenor][lane], continuous zero rates at the step's start and end; cash_gross: [lane].
  void step(int step, const LaneArray& series_gross, const double* cash_gross, const LaneArray& start_curve,
            const LaneArray& end_curve, LaneArray& out) const;

 private:
  std::vector<Asset> assets_;
  std::vector<double> tenors_;
  double step_years_;
  std::vector<std::optional<ConstantMaturityBond>> bonds_;  ///< one an asset
};

/// The asset returns of one block of scenarios, step by step.
class AssetPath {
 public:
  AssetPath(const AssetReturns& returns, std::size_t lanes) : returns_(returns), gross_(returns.size(), lanes) {}

  /// Follows the world's last step.
  void step(const WorldPath& world) {
    returns_.step(++step_, world.series_gross(), world.cash_gross(), world.curve_before(), world.curve(), gross_);
  }
  const LaneArray& gross() const { return gross_; }  ///< [asset][lane], over the last step

 private:
  const AssetReturns& returns_;
  LaneArray gross_;
  int step_ = 0;
};

}  // namespace ballast
