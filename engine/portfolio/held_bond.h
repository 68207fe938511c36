#pragma once

#include <span>

#include "engine/liabilities/cash_flows.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// The total return over one step of a bond that is held to its maturity and then rolls in cash. With the flows c_j
/// still to come at the step's start t it is
///     [sum over t_j > t + dt of c_j P_end(t_j - t - dt) + sum over t_j <= t + dt of c_j grown to t + dt] / V_start(t),
/// what falls due within the step growing as cash does, at the start's zero rate of the step's length; it is reinvested
/// in the bond at the step's end. flows.spread is added to the rates that discount. step: from 1, the step from
/// (step - 1) dt to step dt; cash_gross, gross_return: [lane].
void held_bond_step_return(const CashFlows& flows, int step, double step_years, std::span<const double> tenors,
                           const LaneArray& start_curve, const LaneArray& end_curve, const double* cash_gross,
                           double* gross_return);

}  // namespace ballast
