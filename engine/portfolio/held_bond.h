#pragma once

#include <span>

#include "engine/liabilities/cash_flows.h"
#include "engine/portfolio/market_step.h"
#include "scenarios/market/curve.h"

namespace ballast {

/// The total return over one step of a bond that is held to its maturity and then rolls in cash. With the flows c_j
/// still to come at the step's start t it is
///     [sum over t_j > t + dt of c_j P_end(t_j - t - dt) + sum over t_j <= t + dt of c_j grown to t + dt] / V_start(t),
/// what falls due within the step growing as cash does, at the start's zero rate of the step's length; it is reinvested
/// in the bond at the step's end. flows.spread is added to the rates that discount. tenors, like: as of
/// DiscountedSums. gross_return: [lane].
void held_bond_step_return(const CashFlows& flows, double step_years, std::span<const double> tenors,
                           const YieldCurve& like, const MarketStep& market, double* gross_return);

/// The same of an index-linked bond: flows are real amounts, discounted at nominal rates less expected inflation, and
/// all of it grows with the price index; what falls due within the step is indexed until its end too.
void held_linked_bond_step_return(const CashFlows& flows, double step_years, std::span<const double> tenors,
                                  const YieldCurve& like, const MarketStep& market, double* gross_return);

}  // namespace ballast
