#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/liabilities/liability_path.h"
#include "engine/portfolio/asset_path.h"
#include "engine/portfolio/horizon_loss.h"
#include "engine/portfolio/projection.h"
#include "engine/study/prepared_study.h"

namespace ballast {

/// What all blocks of a study share: how assets earn, what is paid when, and the valuation of the liabilities at the
/// times that are asked for.
class BalanceModel {
 public:
  explicit BalanceModel(const PreparedStudy& study);

  const PreparedStudy& study() const { return study_; }
  const AssetReturns& asset_returns() const { return asset_returns_; }
  /// Valued at the report steps (all measures where the study asks for them) and the risk horizon.
  const LiabilityPlan& liabilities() const { return liabilities_; }
  /// Rates that are reported: of one step and of ten years. Only with World::has_curve(), like the next.
  const CurveMap& reported_rates() const { return *reported_rates_; }
  /// Rates that views are about, in the order of view_tenors().
  const CurveMap& view_rates() const { return *view_rates_; }
  ProjectionParameters projection(const std::vector<double>& weights,
                                  const std::vector<WeightChange>& changes = {}) const;

 private:
  const PreparedStudy& study_;
  AssetReturns asset_returns_;
  LiabilityPlan liabilities_;
  std::optional<CurveMap> reported_rates_, view_rates_;
};

/// One block of scenarios under some portfolios, moved step by step: markets, then asset returns, then payments.
class BalancePath {
 public:
  /// steps: the whole length of a scenario (it addresses the random numbers), of which fewer may be made.
  BalancePath(const BalanceModel& model, const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
              int steps, const std::vector<ProjectionParameters>& portfolios);

  void step();

  int steps_made() const { return step_; }
  std::size_t lanes() const { return assets_.gross().lanes(); }  ///< padded
  const WorldPath& world() const { return world_; }
  const LaneArray& asset_gross() const { return assets_.gross(); }
  const double* payments() const { return liabilities_.payments(); }  ///< of the last step
  MarketBlock market() const;                                         ///< now
  const LiabilityPath& liabilities() const { return liabilities_; }
  const Projection& projection(std::size_t portfolio) const { return projections_[portfolio]; }
  const HorizonReturn& horizon_return() const { return horizon_return_; }
  const HorizonLiability& horizon_liability() const { return horizon_liability_; }

 private:
  const BalanceModel& model_;
  WorldPath world_;
  AssetPath assets_;
  LiabilityPath liabilities_;
  HorizonReturn horizon_return_;
  HorizonLiability horizon_liability_;
  std::vector<Projection> projections_;
  int step_ = 0;
};

}  // namespace ballast
