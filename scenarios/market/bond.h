#pragma once

#include <functional>
#include <vector>

#include "scenarios/market/curve.h"

namespace ballast {

/// When a bond pays, as times after issue in years, and which part of its annual coupon. Coupons are counted back from
/// maturity; a first period shorter than the others pays in proportion to its length.
struct CouponSchedule {
  std::vector<double> times;
  std::vector<double> fractions;
};

/// years > 0, frequency (coupons a year) > 0; throws std::invalid_argument otherwise.
CouponSchedule coupon_schedule(double years, int frequency);

/// The annual coupon at which a bond is worth 1, given continuous zero rates. At most one coupon period: the yield of a
/// bill.
double par_coupon(double years, int frequency, const std::function<double(double t)>& zero_rate);

/// What a bond of at most one coupon period (a bill) pays at maturity: (1 + y/f)^(f years), so that its yield is quoted
/// as that of the coupon bonds beside it.
double bill_redemption(double years, double yield, int frequency);

/// Price of a bond with redemption 1, accrued interest included, `age` years after issue: the flows still to come
/// discounted by a curve that starts then. A flow due exactly at `age` counts as still to come (cum coupon). So a
/// constant-maturity bond bought at 1 with the par yield as coupon has over one step dt <= 1 / frequency the total
/// return bond_price(curve at the end, years, par yield at the start, frequency, dt) - 1. years: maturity at issue. At
/// most one coupon period: a bill with the coupon as its yield.
double bond_price(const YieldCurve& curve, double years, double annual_coupon, int frequency, double age = 0.0);

}  // namespace ballast
