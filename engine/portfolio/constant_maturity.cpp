#include "engine/portfolio/constant_maturity.h"

#include <algorithm>

#include "engine/liabilities/cash_flows.h"
#include "scenarios/market/bond.h"

namespace ballast {

ConstantMaturityBond::ConstantMaturityBond(const ConstantMaturityParameters& parameters, std::span<const double> tenors,
                                           double step_years)
    : start_(tenors), within_(tenors), end_(tenors) {
  CouponSchedule schedule{{parameters.years}, {0.0}};
  if (parameters.bond == BondKind::par) schedule = coupon_schedule(parameters.years, parameters.frequency);
  coupons_ = schedule.times.size() > 1;
  for (std::size_t k = 0; k < schedule.times.size(); ++k) {
    double t = schedule.times[k];
    double left = t - step_years;
    double coupon = schedule.fractions[k];
    double redemption = k + 1 == schedule.times.size() ? 1.0 : 0.0;
    start_.add(t, -t, 0.0, coupon, redemption);
    if (left > kSameTime) {
      end_.add(left, -left, 0.0, coupon, redemption);
    } else {
      within_.add(step_years, std::max(0.0, -left), 0.0, coupon, redemption);
    }
  }
}

void ConstantMaturityBond::step_return(const LaneArray& start_curve, const LaneArray& end_curve,
                                       double* gross_return) const {
  std::size_t lanes = start_curve.lanes();
  LaneArray values(6, lanes);
  double *annuity = values.row(0), *redemption = values.row(1);  // at the start, of a coupon of 1 a year
  double *annuity_within = values.row(2), *redemption_within = values.row(3);
  double *annuity_end = values.row(4), *redemption_end = values.row(5);
  start_.evaluate(start_curve, annuity, redemption);
  within_.evaluate(start_curve, annuity_within, redemption_within);
  end_.evaluate(end_curve, annuity_end, redemption_end);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double redeemed = redemption_end[lane] + redemption_within[lane];
    if (coupons_) {
      double coupon = (1.0 - redemption[lane]) / annuity[lane];
      gross_return[lane] = coupon * (annuity_end[lane] + annuity_within[lane]) + redeemed;
    } else {
      gross_return[lane] = redeemed / redemption[lane];
    }
  }
}

void zero_coupon_step_return(double maturity_years, int step, double step_years, std::span<const double> tenors,
                             const LaneArray& start_curve, const LaneArray& end_curve, const double* cash_gross,
                             double* gross_return) {
  std::size_t lanes = start_curve.lanes();
  double left = maturity_years - (step - 1) * step_years;
  if (left <= kSameTime) {
    std::copy_n(cash_gross, lanes, gross_return);
    return;
  }
  LaneArray values(3, lanes);
  double *start = values.row(0), *end = values.row(1), *unused = values.row(2);
  DiscountedSums bought(tenors), sold(tenors);
  bought.add(left, -left, 0.0, 1.0, 0.0);
  bought.evaluate(start_curve, start, unused);
  double left_at_end = left - step_years;
  if (left_at_end > kSameTime) {
    sold.add(left_at_end, -left_at_end, 0.0, 1.0, 0.0);
    sold.evaluate(end_curve, end, unused);
  } else {
    sold.add(step_years, std::max(0.0, -left_at_end), 0.0, 1.0, 0.0);
    sold.evaluate(start_curve, end, unused);
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) gross_return[lane] = end[lane] / start[lane];
}

}  // namespace ballast
