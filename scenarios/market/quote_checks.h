#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/market/market_parameters.h"

namespace ballast {

/// Looks at the size of numbers to tell decimals from percent. Each gives "" or the problem. NaN is passed over.
/// A unit that is declared decimal is believed.
///
/// Returns, without a unit: the median of |r| above what no series of that frequency has in decimals: 0.05 daily, 0.1
/// weekly, 0.2 monthly, 0.35 quarterly, 0.5 half-yearly, 1 annual. (A series whose median month moves by 20% has an
/// annual volatility of about 100%; in percent even Treasury bills of 3% a year have a median above 0.2.) Nor any |r|
/// above 10, a slip of the pen.
std::string check_return_unit(std::vector<double> returns, int frequency, std::optional<Unit> unit);

/// Rates, without a unit: a median of |rate| above 0.25, or any above 1. With `unit: percent`: none as large as 0.3%,
/// which all tenors together have nowhere been. Discount factors: a median above 2, taken for quotes per 100.
std::string check_rate_unit(std::vector<double> rates, Quote quote, std::optional<Unit> unit);

}  // namespace ballast
