#pragma once

#include <span>

namespace ballast {

/// The p-quantile of a sample sorted ascending, by the definition used for VaR: the smallest x with (share of
/// observations
/// <= x) >= p; the smallest observation for p = 0. No interpolation. k / n and p count as equal within 2^-51, so that p
/// = 0.9 of 10 observations is the ninth. NaN for an empty sample. Throws std::invalid_argument for p outside [0, 1].
double quantile(std::span<const double> sorted, double p);

/// The same of an unsorted sample with one probability an observation (empty: equal), in O(n), whatever the order of
/// the observations. Probabilities need not sum to one exactly: the sum is divided out. NaN if an observation is NaN.
double quantile(std::span<const double> x, std::span<const double> probability, double p);

}  // namespace ballast
