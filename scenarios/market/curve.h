#pragma once

#include <span>
#include <vector>

#include "scenarios/market/market_parameters.h"

namespace ballast {

/// z(t) = (1 - weight_upper) z[lower] + weight_upper z[lower + 1]; with one tenor, z[0].
struct LinearWeights {
  int lower = 0;
  double weight_upper = 0.0;
};

/// Weights of linear interpolation between ascending tenors, flat outside them.
LinearWeights linear_weights(std::span<const double> tenors, double t);

/// A yield curve: continuously compounded zero rates at ascending tenors (years), linear between, flat outside.
class YieldCurve {
 public:
  YieldCurve() = default;
  YieldCurve(std::vector<double> tenors, std::vector<double> zero_rates);

  const std::vector<double>& tenors() const { return tenors_; }
  const std::vector<double>& zero_rates() const { return zero_rates_; }
  bool empty() const { return tenors_.empty(); }

  double zero_rate(double t) const;     ///< continuous
  double discount(double t) const;      ///< exp(-z(t) t)
  double forward_rate(double t) const;  ///< instantaneous, continuous: d(z(t) t)/dt, from the right at a tenor
  double par_yield(double years, int frequency) const;  ///< coupon (annual) at which a bond of `years` is worth 1

 private:
  std::vector<double> tenors_, zero_rates_;
};

/// Zero rate conversions. frequency 0 stands for continuous.
double to_continuous(double rate, Compounding compounding);
double from_continuous(double rate, Compounding compounding);

/// The curve that prices quoted instruments exactly. quotes as decimals. Par and swap quotes: bonds with coupons at the
/// compounding's frequency, counted back from maturity; a maturity of at most one coupon period is a bill with
/// P = (1 + y/f)^(-f t). Solved tenor by tenor by Newton, with the interpolation of YieldCurve.
/// Throws std::invalid_argument when a quote has no positive discount factor.
YieldCurve curve_from_quotes(std::span<const double> tenors, std::span<const double> quotes, Quote quote,
                             Compounding compounding);

}  // namespace ballast
