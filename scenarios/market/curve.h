#pragma once

#include <memory>
#include <span>
#include <vector>

#include "scenarios/market/curve_method.h"
#include "scenarios/market/curve_shape.h"
#include "scenarios/market/market_parameters.h"

namespace ballast {

/// z(t) = (1 - weight_upper) z[lower] + weight_upper z[lower + 1]; with one tenor, z[0].
struct LinearWeights {
  int lower = 0;
  double weight_upper = 0.0;
};

/// Weights of linear interpolation between ascending tenors, flat outside them.
LinearWeights linear_weights(std::span<const double> tenors, double t);

/// A yield curve: continuously compounded zero rates at ascending tenors (years), and a method that says what lies
/// between and beyond them (CURVES.md).
class YieldCurve {
 public:
  YieldCurve() = default;
  /// Throws std::invalid_argument unless the tenors are ascending, not negative and as many as the rates, all finite.
  /// Any other method than linear zero rates, flat outside, needs tenors above 0.
  YieldCurve(std::vector<double> tenors, std::vector<double> zero_rates, const CurveMethod& method = {});

  /// A curve of a shape of its own, not made by a method: of its tenors and rates there only the look is kept.
  static YieldCurve shaped(std::vector<double> tenors, std::vector<double> zero_rates,
                           std::shared_ptr<const CurveShape> shape);

  const std::vector<double>& tenors() const { return tenors_; }
  const std::vector<double>& zero_rates() const { return zero_rates_; }
  const CurveMethod& method() const { return method_; }
  bool empty() const { return tenors_.empty(); }

  double zero_rate(double t) const;  ///< continuous
  double discount(double t) const;   ///< exp(-z(t) t)
  double forward_rate(
      double t) const;  ///< instantaneous, continuous: d(z(t) t)/dt, from the right at a tenor; may be negative
  /// The annual coupon at which a bond of `years` with `frequency` coupons a year is worth 1 (see bond.h).
  double par_yield(double years, int frequency) const;  ///< coupon (annual) at which a bond of `years` is worth 1

 private:
  std::vector<double> tenors_, zero_rates_;
  CurveMethod method_;
  std::shared_ptr<const CurveShape> shape_;  ///< none where zero rates are linear, and flat outside
};

/// Periods of a compounding in a year: 1, 2, and 0 for continuous.
int periods_per_year(Compounding compounding);

/// Conversion of zero rates: with f periods a year, (1 + rate / f)^f = exp(continuous rate).
/// to_continuous throws std::invalid_argument when 1 + rate / f is not positive.
double to_continuous(double rate, Compounding compounding);
double from_continuous(double rate, Compounding compounding);

/// The curve that prices quoted instruments exactly. tenors: ascending, in years; quotes as decimals, one a tenor.
/// Par and swap quotes are coupons of bonds worth 1, paid at the compounding's frequency (bond.h says when; at most one
/// coupon period is a bill with P = (1 + y/f)^(-f t)). They are solved tenor by tenor, by Newton with bisection as a
/// safeguard, with the interpolation of YieldCurve, so that each instrument is worth 1 to rounding.
/// Throws std::invalid_argument when a quote has no positive discount factor, or for par quotes compounded
/// continuously.
YieldCurve curve_from_quotes(std::span<const double> tenors, std::span<const double> quotes, Quote quote,
                             Compounding compounding);

}  // namespace ballast
