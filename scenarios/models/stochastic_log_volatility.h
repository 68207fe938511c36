#pragma once

namespace ballast {

/// What a step of the recursion needs, in log-volatility and per step (see stochastic_log_volatility.cpp).
struct LogVolatilityStep {
  double keep, pull;                       ///< 1 - phi, phi ln tau
  double sigma_v, rho, rest;               ///< rest: sqrt(1 - rho^2)
  double highest_before, highest, lowest;  ///< ln of sigma_plus, sigma_max, sigma_min
  double a, b, c, root_step;               ///< drift per step; square root of the step in years
};

}  // namespace ballast
