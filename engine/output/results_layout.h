#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/io/hdf5.h"

namespace ballast {

/// What a results file will hold: known before the first scenario is simulated.
struct ResultsLayout {
  std::uint64_t first_scenario = 0;      ///< a shard's: its rows are these scenarios of the evaluation set
  std::uint64_t scenarios = 0;           ///< of the evaluation set that this file holds
  std::uint64_t optimise_scenarios = 0;  ///< 0: no group /optimise
  std::vector<std::string> asset_names, liability_names;
  std::vector<double> times;  ///< report times in years, from 0; empty without projection
  std::vector<double> curve_tenors, key_rate_tenors, quantile_levels, view_tenors;
  std::vector<std::string> spread_names;  ///< of credit_spread (scenario, time, spread)

  bool asset_return = true;        ///< (scenario, asset)
  bool liabilities = false;        ///< liability_pv, liability_duration (scenario, time)
  bool balance = false;            ///< assets_value, surplus, funding_ratio (scenario, time)
  bool horizon_liability = false;  ///< (scenario)
  bool current_balance = false;    ///< group /current: the same three of the current weights, beside optimal ones
  bool rates = false;              ///< short_rate, ten_year_rate (scenario, time)
  bool zero_rate = false;          ///< (scenario, time, tenor); needs curve_tenors
  bool price_index = false;        ///< (scenario, time)
  /// The liabilities' further measures (scenario, time), liability_key_rate_duration (scenario, time, key_rate) and
  /// pv_by_liability (scenario, time, liability).
  bool liability_measures = false;
  bool inflation = false;  ///< among the measures the inflation duration
  bool float32 = false;    ///< store datasets over scenarios in single precision
  int compression = 0;     ///< gzip level of datasets over scenarios; 0: none
  /// Where the rows of datasets over scenarios are, when other files hold them; empty: here.
  std::vector<hdf5::VirtualRows> parts;
};

}  // namespace ballast
