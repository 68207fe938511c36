#include "engine/liabilities/inflation_growth.h"

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

double normal_cdf(double x) { return 0.5 * std::erfc(-x * 0.70710678118654752440); }

}  // namespace

ClampedGrowth black_clamp(double forward, double deviation, double low, double high) {
  bool floored = low > 0, capped = std::isfinite(high);
  if (!(deviation > 0)) {
    if (floored && forward < low) return {low, 0.0};
    if (capped && forward > high) return {high, 0.0};
    return {forward, 1.0};
  }
  // Probability-weighted: low where R < low, R between, high above.
  double below = 0.0, above = 0.0, delta = 1.0, value = forward;
  if (floored) {
    double d1 = std::log(forward / low) / deviation + 0.5 * deviation;
    below = normal_cdf(-(d1 - deviation));
    delta -= normal_cdf(-d1);
    value += low * below - forward * normal_cdf(-d1);
  }
  if (capped) {
    double d1 = std::log(forward / high) / deviation + 0.5 * deviation;
    above = normal_cdf(d1 - deviation);
    delta -= normal_cdf(d1);
    value -= forward * normal_cdf(d1) - high * above;
  }
  return {value, forward * delta / value};
}

}  // namespace ballast
