#pragma once

#include <span>
#include <vector>

namespace ballast {

/// Monotone convex interpolation (Hagan & West 2006, "Interpolation methods for curve construction", Applied
/// Mathematical Finance 13(2), section 4): forward rates are continuous, keep each interval's mean, and are monotone
/// where the means are. Positivity is not enforced: negative forwards are what negative rates mean.
class MonotoneConvex {
 public:
  MonotoneConvex(std::span<const double> tenors, std::span<const double> zero_rates);
  double log_discount(double t) const;  ///< 0 <= t <= the last tenor
  double forward(double t) const;

 private:
  std::size_t piece(double t) const;
  std::vector<double> tenors_, log_, mean_, at_;  ///< from tenor 0; mean_ of the interval that ends at a tenor
};

/// Within an interval, x from 0 to 1: what the forward is above its mean, g(x), given g(0) and g(1), and its integral
/// from 0. The integral from 0 to 1 is 0.
struct ConvexPiece {
  double value, integral;
};
ConvexPiece convex_piece(double g0, double g1, double x);

}  // namespace ballast
