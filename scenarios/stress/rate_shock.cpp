#include "scenarios/stress/rate_shock.h"

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
  std::vector<double> rates;
  for (double t : curve.tenors()) rates.push_back(shock.stressed(t, curve.zero_rate(t)));
  return YieldCurve::shaped(curve.tenors(), std::move(rates), std::make_shared<ShockedShape>(curve, shock));
}

}  // namespace ballast
