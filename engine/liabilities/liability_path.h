#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/liabilities/index_paths.h"
#include "engine/liabilities/liability_parameters.h"
#include "engine/liabilities/liability_valuer.h"
#include "engine/liabilities/market_block.h"
#include "engine/liabilities/payment_schedule.h"

namespace ballast {

/// A step after which the liabilities are valued.
struct ValuationTime {
  int step = 0;
  bool full = false;  ///< all measures, not PV and Macaulay duration alone
  bool each = false;  ///< also the PV of each liability alone
};

/// What all blocks share: what falls due in which step, and the valuation at the times that are asked for.
class LiabilityPlan {
 public:
  /// tenors: of the simulated curves, ascending, years; each curve is made of its rates there as `initial` is. steps:
  /// of the longest path.
  LiabilityPlan(std::vector<LiabilityTerms> terms, std::vector<double> tenors, const YieldCurve& initial,
                int steps_per_year, int steps, const std::vector<ValuationTime>& times,
                const MeasureParameters& measures);

  LiabilityPlan(const LiabilityPlan&) = delete;
  LiabilityPlan& operator=(const LiabilityPlan&) = delete;

  bool empty() const { return terms_.empty(); }
  std::size_t size() const { return terms_.size(); }
  /// Of all together after `step`; null where no valuation was asked for.
  const LiabilityValuer* valuer(int step) const;

 private:
  friend class LiabilityPath;
  struct IndexedGroup {
    std::size_t liability, before, after;  ///< rules
    const IndexedFlows* flows;
  };
  struct Due {
    std::size_t group, flow;  ///< of indexed groups, or in `floating` the period itself
    double part_left;
  };
  struct Period {
    std::size_t liability;
    FloatingPeriod period;
    int fixing_step;  ///< the last step at or before its start: its rate is that step's curve's
  };

  std::size_t rule_index(const IndexRule& rule);

  std::vector<LiabilityTerms> terms_;
  std::vector<double> tenors_;
  YieldCurve initial_;
  int steps_per_year_, years_ = 0;
  PaymentSchedule fixed_;
  std::map<int, LiabilityValuer> total_;
  std::map<int, std::vector<LiabilityValuer>> each_;
  std::vector<IndexRule> rules_;
  std::vector<IndexedGroup> groups_;
  std::vector<std::vector<Due>> indexed_due_, floating_due_;  ///< by step from 1
  std::vector<std::vector<std::size_t>> fixings_;             ///< periods by fixing step from 0
  std::vector<Period> periods_;
};

/// The liabilities on one block of scenarios, moved step by step after the world.
class LiabilityPath {
 public:
  /// start: the market at the valuation date.
  LiabilityPath(const LiabilityPlan& plan, std::size_t lanes, const MarketBlock& start);

  /// The step's end. cash_gross: [lane], over the step: what falls due within it is paid at its end, grown at cash.
  void step(const MarketBlock& market, const double* cash_gross);

  const double* payments() const { return payments_.row(0); }  ///< [lane], of the last step

  /// Values all liabilities now; rows as of plan.valuer(step made). out: its rows() x lanes.
  void value(const MarketBlock& market, LaneArray& out) const;
  /// PV of liability i alone into out [lane]; after value() at this step, where ValuationTime::each.
  void value_one(const MarketBlock& market, std::size_t i, double* out) const;

 private:
  struct Amounts {
    LaneArray rows;  ///< amount and exposure of each flow, two rows each
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
