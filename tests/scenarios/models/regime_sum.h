#pragma once

#include <cmath>
#include <vector>

#include "scenarios/random/normal.h"

namespace ballast::test {

/// A regime-switching lognormal model of two regimes, per step.
struct TwoRegimes {
  double mean[2], sd[2], leave[2];
};

/// Hardy (2001), table 1: TSX 300, monthly, 1956-1999.
constexpr TwoRegimes kTsx{{0.0123, -0.0157}, {0.0347, 0.0778}, {0.0371, 0.2101}};

/// The same for the S&P 500.
constexpr TwoRegimes kSp500{{0.0126, -0.0185}, {0.0350, 0.0748}, {0.0398, 0.3798}};

/// P(sum of `steps` log returns <= x), begun with the long-run probabilities: given the steps spent in the first
/// regime, whose distribution is found step by step, the sum is normal (Hardy 2001, section 3).
inline double probability_of_sum(const TwoRegimes& r, int steps, double x) {
  std::vector<double> first(std::size_t(steps) + 1, 0.0), second = first;  // by steps in the first; now in it, or not
  const double share = r.leave[1] / (r.leave[0] + r.leave[1]);
  first[1] = share, second[0] = 1 - share;
  for (int t = 1; t < steps; ++t) {
    for (int n = t + 1; n >= 0; --n) {
      const auto k = std::size_t(n);
      const double stayed = k > 0 ? first[k - 1] * (1 - r.leave[0]) + second[k - 1] * r.leave[1] : 0.0;
      second[k] = first[k] * r.leave[0] + second[k] * (1 - r.leave[1]);
      first[k] = stayed;
    }
  }
  double probability = 0.0;
  for (int n = 0; n <= steps; ++n) {
    const double mean = n * r.mean[0] + (steps - n) * r.mean[1],
                 sd = std::sqrt(n * r.sd[0] * r.sd[0] + (steps - n) * r.sd[1] * r.sd[1]);
    probability += (first[std::size_t(n)] + second[std::size_t(n)]) * normal_cdf((x - mean) / sd);
  }
  return probability;
}

inline double quantile_of_sum(const TwoRegimes& r, int steps, double probability) {
  double low = -5.0, high = 5.0 + 0.02 * steps;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (probability_of_sum(r, steps, middle) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace ballast::test
