#pragma once

#include <functional>

#include "scenarios/random/monotone_map.h"

namespace ballast {

/// Of one step and variable, a draw further out than this on either side is taken for this far: one in a million.
/// Student t and other heavy-tailed *log* returns have no arithmetic mean otherwise.
inline constexpr double kTailCut = 1e-6;

/// Standard normal and Student t distribution functions and quantiles for set-up (Boost.Math), accurate in both tails.
double t_cdf(double x, double dof);
double t_quantile(double p, double dof);

/// The mean of f(Z) over a standard normal Z, everything beyond `highest` (or below `lowest`) counted at it; trapezoid.
double normal_expectation(const std::function<double(double)>& f, double lowest, double highest);

/// s = sqrt(dof / Q), Q chi-square with dof degrees of freedom, by inversion from one normal draw: the factor that
/// turns a multivariate normal vector into a t vector. s grows with the draw, so the wildest steps are the highest
/// draws.
class TMixing {
 public:
  /// With `cut`, s ends at its quantile 1 - kTailCut.
  TMixing(double dof, bool cut);

  const MonotoneMap& scale() const { return scale_; }
  /// The mean of f(s).
  double expectation(const std::function<double(double)>& f) const;

 private:
  double exact(double z) const;
  double dof_, highest_;
  MonotoneMap scale_;
};

}  // namespace ballast
