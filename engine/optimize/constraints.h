#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/optimize/optimize_parameters.h"
#include "engine/optimize/problem.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// Sensitivities at the valuation date that duration limits need: years, of each asset; of the liabilities, times
/// liabilities over assets.
struct BalanceDurations {
  std::vector<double> duration;  ///< empty: unknown
  double liability_duration = 0.0;
  std::vector<double> key_rates;                       ///< tenors
  std::vector<std::vector<double>> key_rate_duration;  ///< [key rate][asset]
  std::vector<double> liability_key_rate_duration;     ///< [key rate]
};

/// What constraints need to know besides the assets' names.
struct ConstraintInputs {
  std::span<const double> mean_return;      ///< expected simple return of each asset over the horizon; for min_return
  double confidence = 0.95;                 ///< of CVaR limits without their own
  std::map<std::string, double> benchmark;  ///< of tracking error without its own
  const TradingCostParameters* trading_costs = nullptr;
  const BalanceDurations* durations = nullptr;  ///< for duration limits
};

/// The weights that satisfy `constraints`, with the study keys as names. Turnover, leverage, shorts and costs
/// get one auxiliary variable an asset, such as a_i >= |w_i - from_i|, and a row sum a <= limit or a certain loss.
/// Throws InputError with the key of what is unusable, such as an unknown asset.
FeasibleSet feasible_set(const ConstraintParameters& constraints, const std::vector<std::string>& assets,
                         const ConstraintInputs& inputs);

inline FeasibleSet feasible_set(const ConstraintParameters& constraints, const std::vector<std::string>& assets,
                                std::span<const double> mean_return) {
  ConstraintInputs inputs;
  inputs.mean_return = mean_return;
  return feasible_set(constraints, assets, inputs);
}

/// Weights in the order of the assets; `key` names the map in errors.
std::vector<double> weights_in_order(const std::map<std::string, double>& weights,
                                     const std::vector<std::string>& assets, const std::string& key);

}  // namespace ballast
