#pragma once

#include <span>
#include <vector>

namespace ballast {

/// Nelson & Siegel (1987) and Svensson (1994): with l(x) = (1 - e^-x) / x,
///     z(t) = b0 + b1 l(t/d1) + b2 (l(t/d1) - e^(-t/d1)) [+ b3 (l(t/d2) - e^(-t/d2))],
/// b by least squares on zero rates, every tenor alike. decay_2 0: without b3.
class NelsonSiegel {
 public:
  NelsonSiegel(std::span<const double> tenors, std::span<const double> zero_rates, double decay_1, double decay_2);
  double zero_rate(double t) const;
  double forward(double t) const;
  double squared_error() const { return squared_error_; }  ///< sum over the tenors

 private:
  double decay_1_, decay_2_;
  double b_[4] = {};
  double squared_error_ = 0.0;
};

struct Decays {
  double first, second;
};
/// The decays with the least squared error, between 0.1 and 30 years, among those whose curve stays near its rates also
/// where no tenor holds it: a grid, then shrinking steps around its best.
Decays fit_decays(std::span<const double> tenors, std::span<const double> zero_rates, bool svensson);

}  // namespace ballast
