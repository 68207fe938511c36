#pragma once

#include <vector>

#include "engine/portfolio/portfolio_parameters.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// New target weights from the end of a step on.
struct WeightChange {
  int step = 0;  ///< from 1
  std::vector<double> weights;
};

struct ProjectionParameters {
  std::vector<double> weights;  ///< one an asset, summing to 1
  double initial_assets = 0.0;  ///< currency
  Rebalancing rebalancing = Rebalancing::constant_mix;
  int rebalance_every_steps = 1;           ///< constant_mix only
  double contribution_per_step = 0.0;      ///< currency, at the end of each step
  std::vector<double> trading_cost = {};   ///< one an asset, as a share of the value traded; empty: none
  std::vector<WeightChange> changes = {};  ///< of a glide path, ascending in step
};

/// The assets of one portfolio on a block of scenarios, step by step. In a step
///   1. holdings grow by their returns, a shortfall of earlier steps by cash;
///   2. the contribution comes in, what is due is paid and a shortfall is made good, all pro rata to the holdings;
///   3. where a constant mix is rebalanced in this step, or the weights change, holdings return to the weights; what is
///      traded for that costs `trading_cost` (counted on the trades before the cost itself is paid).
/// Assets that do not suffice are exhausted: they are zero, and what is missing is the shortfall, which accumulates at
/// cash until contributions repay it; what is left of those is invested at the weights. So at most one of assets and
/// shortfall is not zero, and assets - shortfall is what the same account with borrowing at cash would hold.
/// A value that is not a number stays one.
class Projection {
 public:
  Projection(const ProjectionParameters& parameters, std::size_t lanes);

  /// step: from 1, one after the other. asset_gross: [asset][lane], further rows are not read; cash_gross, payments:
  /// [lane], payments as of PaymentSchedule::due (null: none).
  void step(int step, const LaneArray& asset_gross, const double* cash_gross, const double* payments);

  const double* assets() const { return totals_.row(0); }     ///< [lane], >= 0
  const double* shortfall() const { return totals_.row(1); }  ///< [lane], >= 0
  LaneArray holdings() const;                                 ///< [asset][lane]

 private:
  void grow(const LaneArray& asset_gross, bool keep, double* grown);
  void pay_for_trades(const double* grown, const double* scale);
  void drift(const double* grown, const double* scale);

  ProjectionParameters parameters_;
  std::vector<double> weights_;  ///< targets now
  std::size_t next_change_ = 0;
  bool at_weights_ = true;  ///< holdings are weights_ times assets, and holdings_ is out of date
  LaneArray holdings_, totals_, scratch_;
};

/// surplus = assets - shortfall - liability_pv; funding_ratio = assets / liability_pv, NaN where that is 0. All [lane].
void balance_measures(const double* assets, const double* shortfall, const double* liability_pv, std::size_t lanes,
                      double* surplus, double* funding_ratio);

}  // namespace ballast
