#pragma once

#include <span>
#include <vector>

namespace ballast {

/// The upper end of a discrete distribution, sorted from the largest value down: what VaR, CVaR and quantiles are read
/// from.
struct UpperTail {
  struct Outcome {
    double value;
    double mass;  ///< share of the total
  };
  std::vector<Outcome> outcomes;
  double squared_mass = 0.0;  ///< sum of squared shares over *all* outcomes

  /// The smallest x with P(X <= x) >= 1 - depth, depth no more than was asked for; the bottom of the tail at depth 1.
  double value_at(double depth) const;
};

/// k / n and a given confidence count as equal within this.
inline constexpr double kProbabilityTolerance = 0x1p-51;

/// Every outcome in the upper `depth` (and perhaps more) of the distribution. Expected time n + m log m for m outcomes
/// in the tail; the result, used through value_at and sums over values above it, does not depend on the order of x. x
/// must not be empty or hold a NaN; probabilities must be non-negative with a positive sum (else
/// std::invalid_argument).
UpperTail upper_tail(std::span<const double> x, std::span<const double> probability, double depth);

}  // namespace ballast
