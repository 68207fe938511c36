#pragma once

#include <string>

#include "engine/output/results.h"

namespace ballast {

/// The CSV files of a study (columns: FORMAT.md). Comma, quotes as in RFC 4180, LF line ends, UTF-8; numbers with up to
/// 17 significant digits, so that they read back to the same bits; an empty field is a missing number.
std::string summary_csv(const Results& results);        ///< metric,value,standard_error,unit
std::string weights_csv(const Results& results);        ///< asset,weight_optimal,weight_current
std::string distributions_csv(const Results& results);  ///< quantity,time,statistic,value
/// One line a point and asset: point,expected_return,cvar,lower_bound,fresh_cvar,fresh_standard_error,asset,weight.
std::string frontier_csv(const Results& results);
std::string policy_csv(const Results& results);
std::string stress_csv(const Results& results);   ///< name,portfolio,assets,liability_pv,liability_duration,surplus,...
std::string capital_csv(const Results& results);  ///< name,portfolio,risk,loss
std::string stress_grid_csv(const Results& results);  ///< name,portfolio,asset_return,parallel_shift,funding_ratio,...

}  // namespace ballast
