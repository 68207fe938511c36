#include <algorithm>

#include "scenarios/market/curve_shape.h"

namespace ballast {
namespace {

/// ln P linear between tenors and from ln P(0) = 0: forward rates are steps.
class LogLinear : public CurveShape {
 public:
  LogLinear(std::span<const double> tenors, std::span<const double> zero_rates) : tenors_{0.0}, log_{0.0} {
    for (std::size_t k = 0; k < tenors.size(); ++k) {
      tenors_.push_back(tenors[k]);
      log_.push_back(tenors[k] * zero_rates[k]);
    }
  }
  double log_discount(double t) const override {
    std::size_t k = piece(t);
    return log_[k] + slope(k) * (t - tenors_[k]);
  }
  double forward(double t) const override { return slope(piece(t)); }

 private:
  std::size_t piece(double t) const {
    auto upper = std::upper_bound(tenors_.begin(), tenors_.end(), t) - tenors_.begin();
    return std::size_t(std::clamp<std::ptrdiff_t>(upper - 1, 0, std::ptrdiff_t(tenors_.size()) - 2));
  }
  double slope(std::size_t k) const { return (log_[k + 1] - log_[k]) / (tenors_[k + 1] - tenors_[k]); }
  std::vector<double> tenors_, log_;
};

}  // namespace

std::unique_ptr<CurveShape> make_log_linear(std::span<const double> tenors, std::span<const double> zero_rates) {
  return std::make_unique<LogLinear>(tenors, zero_rates);
}

}  // namespace ballast
