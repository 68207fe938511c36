#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "scenarios/stats/estimate.h"
#include "scenarios/stats/tail.h"

namespace ballast {

/// Risk and return of one portfolio over a horizon h, R_s its simple return in scenario s:
///   expected_return    E = mean of R;                       annual_return      (1 + E)^(1/h) - 1
///   volatility         v = standard deviation of R;         annual_volatility  that of log(1 + R), / sqrt(h)
///   sharpe             (E - r_f) / v / sqrt(h), r_f = 1/P(0,h) - 1 the return of the zero-coupon bond of the horizon
///   tail               VaR and CVaR of the loss -R, positive when bad
/// Standard deviations are those of the scenarios as a distribution (divisor 1 after weighting by probability).
/// Standard errors are of first order (scenario_weights.h), from the influence of each scenario on the measure (Hampel
/// 1974; the delta method, for Sharpe as in Lo 2002 and Mertens 2002 without normality). annual_volatility is NaN where
/// a scenario loses everything, sharpe where nothing varies or r_f is unknown.
struct ReturnMeasures {
  Estimate expected_return, volatility, annual_return, annual_volatility, sharpe;
  TailMeasures tail;
};

/// simple_return: one a scenario. weights: their probabilities and how they were drawn (scenario_weights.h).
/// risk_free: r_f over the horizon. confidence in [0, 1), else std::invalid_argument; horizon_years > 0.
ReturnMeasures measure_returns(std::span<const double> simple_return, const ScenarioWeights& weights,
                               double horizon_years, std::optional<double> risk_free, double confidence);

/// w'R of every scenario; asset_return: row-major scenarios x weights.size(). Assets are added in their order.
std::vector<double> portfolio_returns(const double* asset_return, std::size_t scenarios,
                                      std::span<const double> weights);

/// l_s - sum_i w_i (1 + R_si), the surplus loss in units of initial assets. liability: l_s, one a scenario.
std::vector<double> surplus_losses(const double* asset_return, std::span<const double> liability,
                                   std::span<const double> weights);

}  // namespace ballast
