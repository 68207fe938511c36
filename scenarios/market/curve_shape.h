#pragma once

#include <memory>
#include <span>
#include <vector>

#include "scenarios/market/curve_method.h"

namespace ballast {

/// A curve made of continuous zero rates at ascending tenors by one method.
class CurveShape {
 public:
  virtual ~CurveShape() = default;
  virtual double log_discount(double t) const = 0;  ///< -ln P(t) = z(t) t, t > 0
  virtual double forward(double t) const = 0;       ///< its derivative by t, from the right
};

/// Makes the shape of any method; the first tenor is above 0.
std::unique_ptr<CurveShape> make_shape(std::span<const double> tenors, std::span<const double> zero_rates,
                                       const CurveMethod& method);

// One maker a file.
std::unique_ptr<CurveShape> make_log_linear(std::span<const double> tenors, std::span<const double> zero_rates);
std::unique_ptr<CurveShape> make_natural_cubic(std::span<const double> tenors, std::span<const double> zero_rates);
std::unique_ptr<CurveShape> make_monotone_convex(std::span<const double> tenors, std::span<const double> zero_rates);
std::unique_ptr<CurveShape> make_smith_wilson(std::span<const double> tenors, std::span<const double> zero_rates,
                                              double ultimate_forward, double alpha);
/// Least squares on the zero rates, the decays given. decay_2 0: Nelson-Siegel.
std::unique_ptr<CurveShape> make_nelson_siegel(std::span<const double> tenors, std::span<const double> zero_rates,
                                               double decay_1, double decay_2);

}  // namespace ballast
