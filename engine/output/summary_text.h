#pragma once

#include <string>

#include "engine/output/results.h"

namespace ballast {

/// The summary that a run prints on stdout, at most 100 columns wide: liability value and duration, weights,
/// volatility, Sharpe ratio, VaR and CVaR as returns (losses negative), each with horizon and standard error, then the
/// balance sheet, the optimizer's certificate and the projection. The same in every run of one study. `where`, when not
/// empty, is the folder that the files went to.
std::string summary_text(const Results& results, const std::string& where = "");

}  // namespace ballast
