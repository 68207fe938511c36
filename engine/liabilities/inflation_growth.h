#pragma once

namespace ballast {

/// Expected growth of a limited price index over a period, and its sensitivity.
struct ClampedGrowth {
  double value = 1.0;     ///< E[clamp(R, low, high)]
  double exposure = 0.0;  ///< F d ln value / dF
};

/// E[min(high, max(low, R))] of a lognormal price ratio R with mean `forward` and standard deviation of ln R
/// `deviation`, by Black (1976): forward + put(low) - call(high), not discounted. deviation 0: the clamped forward.
/// low > 0 or -infinity, high > low, +infinity for none.
ClampedGrowth black_clamp(double forward, double deviation, double low, double high);

}  // namespace ballast
