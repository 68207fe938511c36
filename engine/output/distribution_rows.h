#pragma once

#include <string>
#include <vector>

#include "engine/output/results.h"

namespace ballast {

/// One statistic of one distribution over scenarios at a report time.
struct DistributionRow {
  std::string portfolio;  ///< `optimal`, `current` or `policy`; empty where it does not matter
  std::string quantity;
  double time = 0.0;      ///< years
  std::string statistic;  ///< `mean`, `standard_error` (of the mean), `q05`, ...
  double value = 0.0;     ///< in the quantity's unit
};

/// What both table `distributions` of results.h5 and distributions.csv hold (names: FORMAT.md). Liabilities stand
/// beside the first portfolio, time by time.
std::vector<DistributionRow> distribution_rows(const Results& results);

}  // namespace ballast
