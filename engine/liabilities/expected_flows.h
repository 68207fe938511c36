#pragma once

#include <vector>

#include "engine/liabilities/liability_terms.h"
#include "engine/liabilities/market_state.h"

namespace ballast {

/// A liability as flows whose discounted sum is its value in one market: fixed flows as they are, indexed ones at their
/// expected amounts, floating interest as the flows that replicate it (notional in at the period's start, out at its
/// end; of a period that begins now the interest is known). Its measures are those of these flows.
struct ExpectedFlows {
  CashFlows flows;                         ///< times ascend
  std::vector<double> inflation_exposure;  ///< d ln amount / d parallel shift of the breakeven rates, one a flow
};

/// Floors and caps by black_clamp (inflation_growth.h). Throws std::logic_error for indexed flows without breakeven.
ExpectedFlows expected_flows(const LiabilityTerms& terms, const MarketState& market);

}  // namespace ballast
