#include "scenarios/market/monotone_convex.h"

#include <algorithm>

#include "scenarios/market/curve_shape.h"

namespace ballast {

ConvexPiece convex_piece(double g0, double g1, double x) {
  if (x <= 0) return {g0, 0.0};
  if (x >= 1) return {g1, 0.0};
  if (g0 == 0 && g1 == 0) return {0.0, 0.0};
  double cube = 0;
  if ((g0 < 0 && -0.5 * g0 <= g1 && g1 <= -2 * g0) || (g0 > 0 && -0.5 * g0 >= g1 && g1 >= -2 * g0)) {  // (i)
    return {g0 * (1 - 4 * x + 3 * x * x) + g1 * (-2 * x + 3 * x * x),
            g0 * (x - 2 * x * x + x * x * x) + g1 * (-x * x + x * x * x)};
  }
  if ((g0 < 0 && g1 > -2 * g0) || (g0 > 0 && g1 < -2 * g0)) {  // (ii): flat, then a quadratic
    double eta = (g1 + 2 * g0) / (g1 - g0);
    if (x <= eta) return {g0, g0 * x};
    double u = (x - eta) / (1 - eta);
    cube = u * u * u * (1 - eta) / 3;
    return {g0 + (g1 - g0) * u * u, g0 * x + (g1 - g0) * cube};
  }
  if ((g0 > 0 && 0 >= g1 && g1 > -0.5 * g0) ||
      (g0 < 0 && 0 <= g1 && g1 < -0.5 * g0)) {  // (iii): a quadratic, then flat
    double eta = 3 * g1 / (g1 - g0);
    if (eta > 0 && x < eta) {
      double u = (eta - x) / eta;
      cube = eta / 3 * (1 - u * u * u);
      return {g1 + (g0 - g1) * u * u, g1 * x + (g0 - g1) * cube};
    }
    return {g1, g1 * x + (g0 - g1) * eta / 3};
  }
  // (iv): both on one side of the mean; two quadratics that meet on the other.
  double eta = g1 / (g1 + g0), low = -g0 * g1 / (g0 + g1);
  if (x < eta) {
    double u = (eta - x) / eta;
    cube = eta / 3 * (1 - u * u * u);
    return {low + (g0 - low) * u * u, low * x + (g0 - low) * cube};
  }
  double u = (x - eta) / (1 - eta);
  cube = (1 - eta) / 3 * u * u * u;
  return {low + (g1 - low) * u * u, low * x + (g0 - low) * eta / 3 + (g1 - low) * cube};
}

MonotoneConvex::MonotoneConvex(std::span<const double> tenors, std::span<const double> zero_rates)
    : tenors_{0.0}, log_{0.0}, mean_{0.0} {
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    log_.push_back(tenors[k] * zero_rates[k]);
    mean_.push_back((log_[k + 1] - log_[k]) / (tenors[k] - tenors_[k]));
    tenors_.push_back(tenors[k]);
  }
  std::size_t n = tenors.size();
  at_.resize(n + 1);
  for (std::size_t k = 1; k < n; ++k) {
    double before = tenors_[k] - tenors_[k - 1], after = tenors_[k + 1] - tenors_[k];
    at_[k] = (before * mean_[k + 1] + after * mean_[k]) / (before + after);
  }
  at_[0] = n == 1 ? mean_[1] : mean_[1] - 0.5 * (at_[1] - mean_[1]);
  at_[n] = n == 1 ? mean_[1] : mean_[n] - 0.5 * (at_[n - 1] - mean_[n]);
}

std::size_t MonotoneConvex::piece(double t) const {
  auto upper = std::upper_bound(tenors_.begin(), tenors_.end(), t) - tenors_.begin();
  return std::size_t(std::clamp<std::ptrdiff_t>(upper, 1, std::ptrdiff_t(tenors_.size()) - 1));
}

double MonotoneConvex::log_discount(double t) const {
  std::size_t k = piece(t);
  double length = tenors_[k] - tenors_[k - 1], x = (t - tenors_[k - 1]) / length;
  ConvexPiece g = convex_piece(at_[k - 1] - mean_[k], at_[k] - mean_[k], x);
  return log_[k - 1] + length * (mean_[k] * x + g.integral);
}

double MonotoneConvex::forward(double t) const {
  std::size_t k = piece(t);
  double x = (t - tenors_[k - 1]) / (tenors_[k] - tenors_[k - 1]);
  return mean_[k] + convex_piece(at_[k - 1] - mean_[k], at_[k] - mean_[k], x).value;
}

namespace {

class MonotoneConvexShape : public CurveShape {
 public:
  explicit MonotoneConvexShape(MonotoneConvex curve) : curve_(std::move(curve)) {}
  double log_discount(double t) const override { return curve_.log_discount(t); }
  double forward(double t) const override { return curve_.forward(t); }

 private:
  MonotoneConvex curve_;
};

}  // namespace

std::unique_ptr<CurveShape> make_monotone_convex(std::span<const double> tenors, std::span<const double> zero_rates) {
  return std::make_unique<MonotoneConvexShape>(MonotoneConvex(tenors, zero_rates));
}

}  // namespace ballast
