#pragma once

#include <functional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "scenarios/market/curve_shape.h"

namespace ballast {

/// Smith & Wilson (2001) in EIOPA's form (Technical documentation of the methodology to derive EIOPA's risk-free
/// interest rate term structures, section 7): with w the ultimate forward intensity and u the dates,
///     P(t) = e^(-w t) (1 + sum_j H(t, u_j) q_j),
///     H(t, u) = alpha min(t, u) - e^(-alpha max(t, u)) sinh(alpha min(t, u)),
/// q chosen so that the instruments have their prices. It is linear in P e^(w t) - 1.
class SmithWilson : public CurveShape {
 public:
  /// Zero-coupon bonds of these tenors have the prices exp(-z t).
  SmithWilson(std::span<const double> tenors, std::span<const double> zero_rates, double ultimate_forward,
              double alpha);
  /// Instruments worth 1 with flows (row i: instrument, column j: what it pays at dates[j]).
  SmithWilson(std::span<const double> dates, const Eigen::MatrixXd& flows, double ultimate_forward, double alpha);

  double log_discount(double t) const override;
  double forward(double t) const override;

  /// |f(t) - w|, the forward intensity's distance from its limit.
  double gap(double t) const;

 private:
  std::vector<double> dates_;
  Eigen::VectorXd q_;
  double ultimate_, alpha_;
};

double smith_wilson_h(double t, double u, double alpha);

/// The smallest alpha, not below `least`, at which the forward intensity at `convergence` years is within `tolerance`
/// of its limit, by bisection to 1e-8 (EIOPA rounds to six decimals). make: the curve of an alpha. Throws
/// std::invalid_argument when none up to 1 does.
double calibrate_alpha(const std::function<SmithWilson(double)>& make, double convergence, double tolerance,
                       double least);

/// The linear map, for blocks of curves: weights[i][j] so that P(t_i) e^(w t_i) - 1 = sum_j weights[i][j]
/// (P(u_j) e^(w u_j) - 1). times x tenors.
Eigen::MatrixXd smith_wilson_weights(std::span<const double> tenors, std::span<const double> times, double alpha);

}  // namespace ballast
