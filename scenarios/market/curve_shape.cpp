#include "scenarios/market/curve_shape.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ballast {
namespace {

/// Zero rates linear between tenors, flat before the first.
class LinearZero : public CurveShape {
 public:
  LinearZero(std::span<const double> tenors, std::span<const double> zero_rates)
      : tenors_(tenors.begin(), tenors.end()), zero_(zero_rates.begin(), zero_rates.end()) {}
  double log_discount(double t) const override {
    std::size_t k = piece(t);
    return t < tenors_[0] || zero_.size() == 1 ? zero_[0] * t : (zero_[k] + slope(k) * (t - tenors_[k])) * t;
  }
  double forward(double t) const override {
    std::size_t k = piece(t);
    if (t < tenors_[0] || zero_.size() == 1) return zero_[0];
    return zero_[k] + slope(k) * (2 * t - tenors_[k]);
  }

 private:
  std::size_t piece(double t) const {
    auto upper = std::upper_bound(tenors_.begin(), tenors_.end(), t) - tenors_.begin();
    return std::size_t(
        std::clamp<std::ptrdiff_t>(upper - 1, 0, std::max<std::ptrdiff_t>(0, std::ptrdiff_t(tenors_.size()) - 2)));
  }
  double slope(std::size_t k) const { return (zero_[k + 1] - zero_[k]) / (tenors_[k + 1] - tenors_[k]); }
  std::vector<double> tenors_, zero_;
};

/// One shape up to the last tenor; beyond it the zero rate or the forward rate stays.
class Extended : public CurveShape {
 public:
  Extended(std::unique_ptr<CurveShape> inner, double last, Extrapolation extrapolation)
      : inner_(std::move(inner)), last_(last) {
    at_last_ = inner_->log_discount(last);
    // From the left: what lies beyond is not the inner shape's to say.
    rate_ = extrapolation == Extrapolation::flat_zero ? at_last_ / last : inner_->forward(last * (1 - 1e-15));
  }
  double log_discount(double t) const override {
    return t <= last_ ? inner_->log_discount(t) : at_last_ + rate_ * (t - last_);
  }
  double forward(double t) const override { return t < last_ ? inner_->forward(t) : rate_; }

 private:
  std::unique_ptr<CurveShape> inner_;
  double last_, at_last_, rate_;
};

/// Another shape beyond the last tenor, which has the same zero rate there.
class Joined : public CurveShape {
 public:
  Joined(std::unique_ptr<CurveShape> inner, std::unique_ptr<CurveShape> outer, double last)
      : inner_(std::move(inner)), outer_(std::move(outer)), last_(last) {}
  double log_discount(double t) const override { return (t <= last_ ? inner_ : outer_)->log_discount(t); }
  double forward(double t) const override { return (t < last_ ? inner_ : outer_)->forward(t); }

 private:
  std::unique_ptr<CurveShape> inner_, outer_;
  double last_;
};

std::unique_ptr<CurveShape> make_inner(std::span<const double> tenors, std::span<const double> zero_rates,
                                       const CurveMethod& method) {
  switch (method.interpolation) {
    case Interpolation::linear_zero:
      return std::make_unique<LinearZero>(tenors, zero_rates);
    case Interpolation::log_linear_discount:
      return make_log_linear(tenors, zero_rates);
    case Interpolation::natural_cubic:
      return make_natural_cubic(tenors, zero_rates);
    case Interpolation::monotone_convex:
      return make_monotone_convex(tenors, zero_rates);
    case Interpolation::smith_wilson:
      return make_smith_wilson(tenors, zero_rates, method.ultimate_forward, method.alpha);
    case Interpolation::nelson_siegel:
      return make_nelson_siegel(tenors, zero_rates, method.decay_1, 0.0);
    case Interpolation::svensson:
      return make_nelson_siegel(tenors, zero_rates, method.decay_1, method.decay_2);
  }
  throw std::logic_error("unknown interpolation");
}

}  // namespace

std::unique_ptr<CurveShape> make_shape(std::span<const double> tenors, std::span<const double> zero_rates,
                                       const CurveMethod& method) {
  std::unique_ptr<CurveShape> inner = make_inner(tenors, zero_rates, method);
  if (method.runs_on_by_itself()) return inner;
  if (method.extrapolation == Extrapolation::smith_wilson) {
    return std::make_unique<Joined>(
        std::move(inner), make_smith_wilson(tenors, zero_rates, method.ultimate_forward, method.alpha), tenors.back());
  }
  return std::make_unique<Extended>(std::move(inner), tenors.back(), method.extrapolation);
}

}  // namespace ballast
