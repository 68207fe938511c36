#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/liabilities/liability_valuer.h"
#include "engine/portfolio/asset_path.h"
#include "engine/portfolio/horizon_loss.h"
#include "engine/portfolio/payment_schedule.h"
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
  const PaymentSchedule& payments() const { return payments_; }
  /// Values all liabilities together at this step (a report step or the risk horizon); null without liabilities.
  const LiabilityValuer* valuer(int step) const;
  /// Values each liability alone at this report step; only where the study asks for it.
  const std::vector<LiabilityValuer>& valuers_of_each(int step) const { return each_.at(step); }
  ProjectionParameters projection(const std::vector<double>& weights) const;

 private:
  const PreparedStudy& study_;
  AssetReturns asset_returns_;
  PaymentSchedule payments_;
  std::map<int, LiabilityValuer> total_;
  std::map<int, std::vector<LiabilityValuer>> each_;
};

/// One block of scenarios under some portfolios, moved step by step: markets, then asset returns, then payments.
class BalancePath {
 public:
  /// steps: the whole length of a scenario (it addresses the random numbers), of which fewer may be made.
  BalancePath(const BalanceModel& model, const PcgSequence& sequence, std::uint64_t first_scenario, std::size_t lanes,
              int steps, const std::vector<std::vector<double>>& portfolios);

  void step();

  int steps_made() const { return step_; }
  std::size_t lanes() const { return payments_.lanes(); }  ///< padded
  const WorldPath& world() const { return world_; }
  const LaneArray& asset_gross() const { return assets_.gross(); }
  const double* payments() const { return payments_.row(0); }  ///< of the last step
  const Projection& projection(std::size_t portfolio) const { return projections_[portfolio]; }
  const HorizonReturn& horizon_return() const { return horizon_return_; }
  const HorizonLiability& horizon_liability() const { return horizon_liability_; }

 private:
  const BalanceModel& model_;
  WorldPath world_;
  AssetPath assets_;
  LaneArray payments_;
  HorizonReturn horizon_return_;
  HorizonLiability horizon_liability_;
  std::vector<Projection> projections_;
  int step_ = 0;
};

}  // namespace ballast
