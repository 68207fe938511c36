#include "scenarios/stress/rate_shock.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace ballast {
namespace {

/// What a shock makes of a curve, at every time.
class ShockedShape : public CurveShape {
 public:
  ShockedShape(YieldCurve base, RateShock shock) : base_(std::move(base)), shock_(std::move(shock)) {}
  double log_discount(double t) const override { return t * zero_rate(t); }
  double forward(double t) const override {
    constexpr double kStep = 1e-6;  // years; a shock need not have a derivative, but has one from the right
    return t > 0 ? (log_discount(t + kStep) - log_discount(t)) / kStep : zero_rate(0.0);
  }

 private:
  double zero_rate(double t) const { return shock_.stressed(t, base_.zero_rate(t)); }

  YieldCurve base_;
  RateShock shock_;
};

}  // namespace

YieldCurve shocked_curve(const YieldCurve& curve, const RateShock& shock) {
  std::vector<double> tenors = curve.tenors();
  bool linear = curve.method().linear_flat();
  for (int quarter = 1; quarter <= 120 && linear; ++quarter) tenors.push_back(quarter / 4.0);
  for (int year = 31; year <= 100 && linear; ++year) tenors.push_back(year);
  std::sort(tenors.begin(), tenors.end());
  tenors.erase(std::unique(tenors.begin(), tenors.end()), tenors.end());
  std::vector<double> rates;
  for (double t : tenors) rates.push_back(shock.stressed(t, curve.zero_rate(t)));
  if (linear) return YieldCurve(std::move(tenors), std::move(rates));
  return YieldCurve::shaped(std::move(tenors), std::move(rates), std::make_shared<ShockedShape>(curve, shock));
}

}  // namespace ballast
