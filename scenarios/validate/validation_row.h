#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/stats/estimate.h"

namespace ballast {

/// One line of the scenarios' validation: a statistic of the history, or a theorem, against the scenarios.
struct ValidationRow {
  std::string against;           ///< "history" or "theory"
  std::string of;                ///< a series, a rate or a pair of them
  std::string statistic;         ///< "mean", "volatility", "skewness", "martingale"...
  double reference = 0.0;        ///< the history's value, or theory's
  Estimate scenarios;            ///< the simulated value with its Monte Carlo standard error
  double reference_error = 0.0;  ///< sampling error of the history's own value; 0 for theory
  double z = 0.0;                ///< difference over both errors
  bool pass = true;              ///< |z| within the table's critical value
};

/// The whole table, and the level at which its rows are judged.
struct Validation {
  std::vector<ValidationRow> rows;
  /// Family-wise: a set of scenarios that is right in all rows passes them all with at least probability 1 - level.
  double level = 0.0;
  double critical_z = 0.0;      ///< by Bonferroni's inequality: level / (2 rows) in either tail of the normal
  std::uint64_t scenarios = 0;  ///< simulated for the table
  int steps = 0;                ///< of each: as many as the history has; without one those of the study

  std::size_t passed() const;
};

/// Sets z and pass of every row, and critical_z, from the numbers in the rows.
void judge(Validation& validation, double level);

}  // namespace ballast
