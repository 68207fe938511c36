#include "scenarios/market/bond.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace ballast {
namespace {

/// Times nearer than this are the same (1e-9 years is 30 milliseconds): 10 years less 119/12 is not exactly 1/12.
constexpr double kSameTime = 1e-9;

}  // namespace

CouponSchedule coupon_schedule(double years, int frequency) {
  if (!(years > 0) || !std::isfinite(years) || frequency < 1) {
    throw std::invalid_argument(fmt::format("a bond of {} years with {} coupons a year", years, frequency));
  }
  int count = std::max(1, int(std::ceil((years - kSameTime) * frequency)));
  CouponSchedule schedule;
  for (int k = 0; k < count; ++k) {
    schedule.times.push_back(years - double(count - 1 - k) / frequency);
    schedule.fractions.push_back(1.0 / frequency);
  }
  double stub = schedule.times[0];
  if (std::abs(stub - 1.0 / frequency) > kSameTime) schedule.fractions[0] = stub;
  return schedule;
}

double par_coupon(double years, int frequency, const std::function<double(double t)>& zero_rate) {
  CouponSchedule schedule = coupon_schedule(years, frequency);
  if (schedule.times.size() == 1) return frequency * std::expm1(zero_rate(years) / frequency);
  double annuity = 0.0;
  for (std::size_t k = 0; k < schedule.times.size(); ++k) {
    annuity += schedule.fractions[k] * std::exp(-zero_rate(schedule.times[k]) * schedule.times[k]);
  }
  return -std::expm1(-zero_rate(years) * years) / annuity;
}

double bill_redemption(double years, double yield, int frequency) {
  return std::exp(std::log1p(yield / frequency) * frequency * years);
}

double bond_price(const YieldCurve& curve, double years, double annual_coupon, int frequency, double age) {
  CouponSchedule schedule = coupon_schedule(years, frequency);
  if (schedule.times.size() == 1) {
    double left = std::max(0.0, years - age);
    return years < age - kSameTime ? 0.0 : bill_redemption(years, annual_coupon, frequency) * curve.discount(left);
  }
  double price = 0.0;
  for (std::size_t k = 0; k < schedule.times.size(); ++k) {
    double left = schedule.times[k] - age;
    if (left < -kSameTime) continue;
    double flow = annual_coupon * schedule.fractions[k] + (k + 1 == schedule.times.size() ? 1.0 : 0.0);
    price += flow * curve.discount(std::max(0.0, left));
  }
  return price;
}

}  // namespace ballast
