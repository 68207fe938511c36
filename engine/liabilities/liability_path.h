#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/liabilities/index_paths.h"
#include "engine/liabilities/liability_plan.h"
#include "engine/liabilities/market_block.h"

namespace ballast {

/// The liabilities on one block of scenarios, moved step by step after the world.
class LiabilityPath {
 public:
  /// start: the market at the valuation date.
  LiabilityPath(const LiabilityPlan& plan, std::size_t lanes, const MarketBlock& start);

  /// The step's end. cash_gross: [lane], over the step: what falls due within it is paid at its end, grown at cash.
  void step(const MarketBlock& market, const double* cash_gross);

  const double* payments() const { return payments_.row(0); }  ///< [lane], of the last step

  /// Values all liabilities now; rows as of plan.valuer(step made). out: its rows() x lanes. dv01: [lane], as
  /// LiabilityValuer::dv01, where all measures are asked for; null: not wanted.
  void value(const MarketBlock& market, LaneArray& out, double* dv01 = nullptr) const;
  /// PV of liability i alone into out [lane]; after value() at this step, where ValuationTime::each.
  void value_one(const MarketBlock& market, std::size_t i, double* out) const;

 private:
  /// Amounts and exposures of flows, two rows each.
  struct Amounts {
    LaneArray rows;
    std::vector<LaneAmount> flows;
  };
  void fix(const MarketBlock& market);
  void pay_indexed(const MarketBlock& market, const double* log_cash);
  void pay_floating(const double* log_cash);
  void grow(const LiabilityPlan::IndexedGroup& group, double time, const MarketBlock& market, double* growth,
            double* exposure) const;
  /// The flows to come whose amounts differ between scenarios, of one liability or of all.
  Amounts amounts(const MarketBlock& market, std::optional<std::size_t> liability) const;

  const LiabilityPlan& plan_;
  int step_ = 0;
  LaneArray payments_, last_index_;
  mutable std::optional<IndexPaths> index_;          ///< value() refreshes what it expects
  std::map<std::size_t, LaneArray> fixed_interest_;  ///< by period: what it will pay, once known
};

}  // namespace ballast
