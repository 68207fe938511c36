#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/liabilities/cash_flow_parameters.h"
#include "scenarios/base/date.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// What one liability pays, as seen from the valuation date.
struct CashFlows {
  std::string name;
  std::vector<double> times;    ///< years from the valuation date, strictly ascending, > 0
  std::vector<double> amounts;  ///< currency; positive: paid
  double spread = 0.0;          ///< added to the market's continuous zero rates
};

/// Times nearer than this (years; 30 milliseconds) are one time: 1 + 1/12 - 1 is not exactly 1/12.
inline constexpr double kSameTime = 1e-9;

struct LiabilityContext;

/// Reads the file: a column `time_years`, or one of dates (then ACT/365F from the valuation date), and a column
/// `amount` or `Cashflow`, in any case. Rows ascend in time; a date may occur once, flows at the same time_years are
/// added. An amount at or before the valuation date is an error, unless it is 0: it is either due already, or the
/// valuation date is not the one meant. Amounts that are all 0 are allowed (PV 0).
/// Errors: InputError with file:line:column, all of the file at once; with the key path when dates have no valuation
/// date.
CashFlows read_cash_flows(const CashFlowFileParameters& parameters, const LiabilityContext& context);

}  // namespace ballast
