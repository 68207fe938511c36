#pragma once

#include <span>
#include <vector>

namespace ballast {

/// x_t = intercept + slope x_{t-1} + e_t, one step an observation.
struct Ar1 {
  double intercept = 0.0;
  double slope = 0.0;
  double slope_standard_error = 0.0;
  double residual_sd = 0.0;       ///< divisor (pairs - 2)
  std::vector<double> residuals;  ///< e_1 .. e_{n-1}

  /// Share of the distance to the mean that a step closes: 1 - slope.
  double mean_reversion() const { return 1.0 - slope; }
  /// The level it reverts to, intercept / (1 - slope); NaN if the slope is not below 1.
  double mean() const;
  /// Steps until half of a distance is closed; infinite if the slope is not below 1, 0 if it is not above 0.
  double half_life() const;
};

/// Ordinary least squares of x_t on x_{t-1}. The slope's bias, about -(1 + 3 slope) / n (Kendall 1954), is not
/// corrected: short histories look more mean-reverting than they are. A series without variation has slope 0 and itself
/// as the mean. Throws std::invalid_argument for fewer than 4 observations.
Ar1 fit_ar1(std::span<const double> x);

}  // namespace ballast
