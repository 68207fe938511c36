#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/liabilities/liability_parameters.h"
#include "engine/liabilities/liability_valuer.h"
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
  /// Indexed flows of one liability.
  struct IndexedGroup {
    std::size_t liability, before, after;  ///< rules
    const IndexedFlows* flows;
  };
  struct Due {
    std::size_t group, flow;  ///< of indexed groups, or in `floating` the period itself
    double part_left;
  };
  /// Floating interest of one period.
  struct Period {
    std::size_t liability;
    FloatingPeriod period;
    int fixing_step;  ///< the last step at or before its start: its rate is that step's curve's
  };

  /// A flow to come of an amount that differs between scenarios, or that replicates one.
  struct ScenarioFlow {
    enum class Kind { indexed, known_interest, notional } kind;
    double time;         ///< from the valuation date
    double spread;       ///< of its discounting
    double amount;       ///< in prices of the valuation date; of interest that is known: none
    std::size_t source;  ///< of indexed groups or periods

    bool exposed() const { return kind != Kind::notional; }  ///< may depend on prices
    bool due_with(const ScenarioFlow& other) const {
      return time == other.time && spread == other.spread && exposed() == other.exposed();
    }
  };

  void add_terms(std::size_t liability, int steps);
  std::size_t rule_index(const IndexRule& rule);
  /// Those due after `now`, of one liability or of all: first what may depend on prices, then by time and spread.
  std::vector<ScenarioFlow> flows_to_come(double now, std::optional<std::size_t> liability) const;

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
  bool inflation_ = false;
};

}  // namespace ballast
