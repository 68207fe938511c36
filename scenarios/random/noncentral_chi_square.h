#pragma once

#include <cstddef>
#include <vector>

namespace ballast {

/// The non-central chi-square distribution with fixed degrees of freedom, any non-centrality, by inversion: maps a
/// standard normal number to the quantile of the same probability. Tabulated at set-up, because a square-root process
/// meets another non-centrality on every scenario and step.
///
/// With s the square root of the non-centrality and q that of the quantile, q - s - z is smooth and vanishes as s
/// grows; it is tabulated over z in [-8.5, 8.5] and t = s / (1 + s / 8), so that all s are covered, and interpolated by
/// cubics in both. The table solves dq/dz = phi(z) / f(q), f the density (a scaled Bessel function), from both tails
/// inward, where errors die out. Accuracy: with 2 degrees or more, q is right to 2e-5 absolute for |z| < 6, and mean
/// and variance of the mapped normal to 2e-6 relative; with 0.16 degrees, where the density has a pole at zero, to 4e-5
/// and 2e-4 (tests/scenarios/random/noncentral_chi_square_test.cpp): what 1e8 scenarios could just show.
class NoncentralChiSquare {
 public:
  /// degrees: > 0, below 2 too (then the density is infinite at zero). Throws std::invalid_argument outside [0.05,
  /// 1e4].
  explicit NoncentralChiSquare(double degrees);

  double degrees() const { return degrees_; }

  /// out[i] = the square root of the quantile at normal_cdf(z[i]) for a non-centrality of root_noncentrality[i]^2 >= 0.
  /// z is held within [-8.5, 8.5]. out may be either input.
  void root_quantiles(const double* z, const double* root_noncentrality, double* out, std::size_t n) const;

  /// The standard normal number whose quantile has this root: the inverse of the above in z, within [-8.5, 8.5].
  double normal_score(double root, double root_noncentrality) const;

 private:
  double at(double z, double root_noncentrality) const;

  double degrees_;
  std::vector<double> table_;  ///< [t][z]: q - s - z
};

}  // namespace ballast
