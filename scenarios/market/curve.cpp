#include "scenarios/market/curve.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/market/bond.h"

namespace ballast {
namespace {

void check_nodes(std::span<const double> tenors, std::span<const double> values) {
  if (tenors.empty() || tenors.size() != values.size()) {
    throw std::invalid_argument(fmt::format("a curve of {} tenors and {} values", tenors.size(), values.size()));
  }
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    bool ascending = k == 0 ? tenors[k] >= 0 : tenors[k] > tenors[k - 1];
    if (!ascending || !std::isfinite(tenors[k])) {
      throw std::invalid_argument(fmt::format("the tenors of a curve do not ascend at {}", tenors[k]));
    }
    if (!std::isfinite(values[k])) {
      throw std::invalid_argument(fmt::format("the value of a curve at tenor {} is {}", tenors[k], values[k]));
    }
  }
}

std::invalid_argument no_discount_factor(double quote, double tenor) {
  return std::invalid_argument(fmt::format("the quote {} at tenor {} has no positive discount factor", quote, tenor));
}

/// Zero rates by Newton, one tenor after the other: the instrument of tenor k fixes z_k, given those before.
class ParCurveSolver {
 public:
  ParCurveSolver(std::span<const double> tenors, int frequency) : tenors_(tenors), frequency_(frequency) {}

  std::vector<double> solve(std::span<const double> yields) {
    zero_.clear();
    for (std::size_t k = 0; k < tenors_.size(); ++k) {
      if (!(1.0 + yields[k] / frequency_ > 0)) throw no_discount_factor(yields[k], tenors_[k]);
      double first_guess = frequency_ * std::log1p(yields[k] / frequency_);
      schedule_ = coupon_schedule(tenors_[k], frequency_);
      zero_.push_back(first_guess);  // exact for a bill, as is its price
      if (schedule_.times.size() > 1) solve_last(yields[k]);
    }
    return zero_;
  }

 private:
  struct Value {
    double excess;  ///< price of the instrument less 1
    double slope;   ///< its derivative by the zero rate solved for
  };

  Value value(double yield, double zero) {
    std::size_t k = zero_.size() - 1;
    zero_[k] = zero;
    Value v{-1.0, 0.0};
    for (std::size_t i = 0; i < schedule_.times.size(); ++i) {
      double t = schedule_.times[i];
      LinearWeights w = linear_weights(tenors_.first(k + 1), t);
      double upper = w.weight_upper;
      double z = k == 0 ? zero : (1 - upper) * zero_[w.lower] + upper * zero_[w.lower + 1];
      double on_last = k == 0 ? 1.0 : (std::size_t(w.lower) + 1 == k ? upper : 0.0);
      double flow = yield * schedule_.fractions[i] + (i + 1 == schedule_.times.size() ? 1.0 : 0.0);
      double present_value = flow * std::exp(-z * t);
      v.excess += present_value;
      v.slope -= on_last * t * present_value;
    }
    return v;
  }

  /// The price falls in the zero rate, so a bracket holds the root: Newton inside it, bisection where Newton leaves it.
  void solve_last(double yield) {
    double tenor = tenors_[zero_.size() - 1];
    double guess = zero_.back();
    double low = guess, high = guess;
    double step = 0.01;
    while (value(yield, low).excess < 0 && low > -20) low -= step, step *= 2;
    step = 0.01;
    while (value(yield, high).excess > 0 && high < 20) high += step, step *= 2;
    if (value(yield, low).excess < 0 || value(yield, high).excess > 0) throw no_discount_factor(yield, tenor);

    double zero = guess, best = guess, least = INFINITY;
    for (int iteration = 0; iteration < 100; ++iteration) {
      Value v = value(yield, zero);
      if (std::abs(v.excess) < least) least = std::abs(v.excess), best = zero;
      if (v.excess == 0) break;
      (v.excess > 0 ? low : high) = zero;
      double next = zero - v.excess / v.slope;
      if (!(next > low && next < high)) next = 0.5 * (low + high);
      if (next == zero || next == low || next == high) break;
      // Rounding of the price is some 1e-16: steps below that of the rate no longer help.
      bool done = std::abs(next - zero) < 1e-17 + 1e-16 * std::abs(zero);
      zero = next;
      if (done) break;
    }
    zero_.back() = best;
  }

  std::span<const double> tenors_;
  int frequency_;
  std::vector<double> zero_;
  CouponSchedule schedule_;
};

}  // namespace

LinearWeights linear_weights(std::span<const double> tenors, double t) {
  std::size_t count = tenors.size();
  if (count < 2 || t <= tenors[0]) return {0, 0.0};
  if (t >= tenors[count - 1]) return {int(count) - 2, 1.0};
  std::size_t upper = std::size_t(std::upper_bound(tenors.begin(), tenors.end(), t) - tenors.begin());
  return {int(upper) - 1, (t - tenors[upper - 1]) / (tenors[upper] - tenors[upper - 1])};
}

YieldCurve::YieldCurve(std::vector<double> tenors, std::vector<double> zero_rates, const CurveMethod& method)
    : tenors_(std::move(tenors)), zero_rates_(std::move(zero_rates)), method_(method) {
  check_nodes(tenors_, zero_rates_);
  if (method.linear_flat()) return;
  if (tenors_[0] == 0) throw std::invalid_argument("the first tenor is 0; this interpolation needs it above");
  shape_ = make_shape(tenors_, zero_rates_, method);
}

YieldCurve YieldCurve::shaped(std::vector<double> tenors, std::vector<double> zero_rates,
                              std::shared_ptr<const CurveShape> shape) {
  YieldCurve curve(std::move(tenors), std::move(zero_rates));
  curve.shape_ = std::move(shape);
  return curve;
}

double YieldCurve::zero_rate(double t) const {
  if (shape_) return t > 0 ? shape_->log_discount(t) / t : shape_->forward(0.0);
  LinearWeights w = linear_weights(tenors_, t);
  double lower = zero_rates_[std::size_t(w.lower)];
  if (w.weight_upper == 0) return lower;
  return (1 - w.weight_upper) * lower + w.weight_upper * zero_rates_[std::size_t(w.lower) + 1];
}

double YieldCurve::discount(double t) const { return std::exp(-zero_rate(t) * t); }

double YieldCurve::forward_rate(double t) const {
  if (shape_) return shape_->forward(t);
  if (t < tenors_.front() || t >= tenors_.back()) return zero_rate(t);  // flat: d(z t)/dt = z
  std::size_t k = std::size_t(linear_weights(tenors_, t).lower);
  double slope = (zero_rates_[k + 1] - zero_rates_[k]) / (tenors_[k + 1] - tenors_[k]);
  return zero_rate(t) + t * slope;
}

double YieldCurve::par_yield(double years, int frequency) const {
  return par_coupon(years, frequency, [this](double t) { return zero_rate(t); });
}

int periods_per_year(Compounding compounding) {
  switch (compounding) {
    case Compounding::annual:
      return 1;
    case Compounding::semiannual:
      return 2;
    case Compounding::continuous:
      return 0;
  }
  throw std::logic_error("unknown compounding");
}

double to_continuous(double rate, Compounding compounding) {
  int f = periods_per_year(compounding);
  if (f == 0) return rate;
  if (!(1 + rate / f > 0)) throw std::invalid_argument(fmt::format("the rate {} loses everything in a period", rate));
  return f * std::log1p(rate / f);
}

double from_continuous(double rate, Compounding compounding) {
  int f = periods_per_year(compounding);
  return f == 0 ? rate : f * std::expm1(rate / f);
}

YieldCurve curve_from_quotes(std::span<const double> tenors, std::span<const double> quotes, Quote quote,
                             Compounding compounding) {
  check_nodes(tenors, quotes);
  std::vector<double> zero;
  if (quote == Quote::par || quote == Quote::swap) {
    int frequency = periods_per_year(compounding);
    if (frequency == 0) throw std::invalid_argument("par and swap quotes have coupons: annual or semiannual");
    zero = ParCurveSolver(tenors, frequency).solve(quotes);
  } else {
    for (std::size_t k = 0; k < tenors.size(); ++k) {
      if (quote == Quote::discount) {
        if (!(quotes[k] > 0) || tenors[k] == 0) throw no_discount_factor(quotes[k], tenors[k]);
        zero.push_back(-std::log(quotes[k]) / tenors[k]);
      } else {
        zero.push_back(to_continuous(quotes[k], compounding));
      }
    }
  }
  return YieldCurve({tenors.begin(), tenors.end()}, std::move(zero));
}

}  // namespace ballast
