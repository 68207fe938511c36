#pragma once

#include <optional>
#include <string>

#include "scenarios/market/market_parameters.h"

namespace ballast {

/// The tenor in years that a column's header names, as files are downloaded:
///   a number alone           in `unit`: 10, 0.25, or the ECB's months 3, 120
///   a number and its unit    10Y, 3m, 10 Yr, 3 Mo, BC_3MONTH, 120_month, cmt_5y, SR_10Y, 1.5 Month
///   FRED's series            DGS10, DGS1MO, GS5, DTB3 (months)
/// The US Treasury's BC_30YEARDISPLAY repeats a column: 0, to be passed over. Empty when it names no tenor.
std::optional<double> tenor_of_header(const std::string& header, TenorUnit unit);

/// Whether a header is one under which constant-maturity yields of the US Treasury are published, which are par yields:
/// BC_10YEAR, DGS10, GS10, cmt_10y.
bool names_treasury_par_yield(const std::string& header);

}  // namespace ballast
