#include <algorithm>

#include "scenarios/market/curve_shape.h"

namespace ballast {
namespace {

/// The natural cubic spline of the zero rates (second derivative 0 at both ends; de Boor, A Practical Guide to Splines,
/// ch. IV); before the first tenor the zero rate is flat.
class NaturalCubic : public CurveShape {
 public:
  NaturalCubic(std::span<const double> tenors, std::span<const double> zero_rates)
      : t_(tenors.begin(), tenors.end()), z_(zero_rates.begin(), zero_rates.end()), second_(tenors.size(), 0.0) {
    // Thomas algorithm for the second derivatives.
    std::size_t n = t_.size();
    std::vector<double> upper(n, 0.0), right(n, 0.0);
    for (std::size_t k = 1; k + 1 < n; ++k) {
      double before = t_[k] - t_[k - 1], after = t_[k + 1] - t_[k];
      double pivot = 2 * (before + after) - before * upper[k - 1];
      double bend = 6 * ((z_[k + 1] - z_[k]) / after - (z_[k] - z_[k - 1]) / before);
      upper[k] = after / pivot;
      right[k] = (bend - before * right[k - 1]) / pivot;
    }
    for (std::size_t k = n; k-- > 1;) {
      if (k + 1 < n) second_[k] = right[k] - upper[k] * second_[k + 1];
    }
  }
  double log_discount(double t) const override { return at(t).rate * t; }
  double forward(double t) const override {
    Point p = at(t);
    return p.rate + t * p.slope;
  }

 private:
  struct Point {
    double rate, slope;
  };
  Point at(double t) const {
    if (t < t_[0] || t_.size() == 1) return {z_[0], 0.0};
    auto upper = std::upper_bound(t_.begin(), t_.end(), t) - t_.begin();
    auto k = std::size_t(std::clamp<std::ptrdiff_t>(upper - 1, 0, std::ptrdiff_t(t_.size()) - 2));
    double h = t_[k + 1] - t_[k], b = (t - t_[k]) / h, a = 1 - b;
    double rate =
        a * z_[k] + b * z_[k + 1] + h * h / 6 * ((a * a * a - a) * second_[k] + (b * b * b - b) * second_[k + 1]);
    double slope = (z_[k + 1] - z_[k]) / h + h / 6 * ((1 - 3 * a * a) * second_[k] + (3 * b * b - 1) * second_[k + 1]);
    return {rate, slope};
  }
  std::vector<double> t_, z_, second_;
};

}  // namespace

std::unique_ptr<CurveShape> make_natural_cubic(std::span<const double> tenors, std::span<const double> zero_rates) {
  return std::make_unique<NaturalCubic>(tenors, zero_rates);
}

}  // namespace ballast
