#pragma once

#include <limits>
#include <string>
#include <vector>

#include "engine/liabilities/cash_flows.h"

namespace ballast {

/// How an amount follows the price index I (1 at the valuation date).
struct IndexRule {
  /// false: the amount due at t is multiplied by I(t). true: it is raised at each anniversary of the valuation date by
  /// the price index's growth over the year before, at least `floor` and at most `cap` (limited price indexation).
  bool annual = false;
  double floor = -std::numeric_limits<double>::infinity();  ///< of the year's rate of inflation
  double cap = std::numeric_limits<double>::infinity();
  double volatility = 0.0;  ///< of the year's log inflation, for the value of floor and cap (Black)
  bool operator==(const IndexRule&) const = default;
};

/// Amounts in the prices of the valuation date. Until the anniversary `switch_year` they follow the rule `before`, from
/// then on the rule `after` (a pension revalued in deferment, then raised in payment); 0: `after` alone.
struct IndexedFlows {
  IndexRule before, after;
  int switch_year = 0;
  std::vector<double> times;  ///< as in CashFlows
  std::vector<double> amounts;
};

/// Interest at the market's rate: notional (1 / P - 1) is paid at `end`, P the discount factor from `start` to `end` by
/// the curve at `start`, which is at the valuation date or after it.
struct FloatingPeriod {
  double start = 0.0, end = 0.0;
  double notional = 0.0;
};

/// What one liability pays, given what is known of lives and contracts: the parts that differ in what they depend on.
struct LiabilityTerms {
  CashFlows fixed;  ///< with the name and the discount spread of the whole
  std::vector<IndexedFlows> indexed;
  std::vector<FloatingPeriod> floating;

  bool needs_inflation() const { return !indexed.empty(); }
};

}  // namespace ballast
