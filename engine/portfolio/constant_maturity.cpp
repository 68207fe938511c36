#include "engine/portfolio/constant_maturity.h"

#include <algorithm>

#include "engine/liabilities/cash_flows.h"
#include "scenarios/market/bond.h"

namespace ballast {

ConstantMaturityBond::ConstantMaturityBond(const ConstantMaturityParameters& parameters, std::span<const double> tenors,
                                           const YieldCurve& like, double step_years) {
  CouponSchedule schedule{{parameters.years}, {0.0}};
  if (parameters.bond == BondKind::par) schedule = coupon_schedule(parameters.years, parameters.frequency);
  coupons_ = schedule.times.size() > 1;
  std::vector<DiscountedTerm> start, within, end;
  for (std::size_t k = 0; k < schedule.times.size(); ++k) {
    double t = schedule.times[k];
    double left = t - step_years;
    double coupon = schedule.fractions[k];
    double redemption = k + 1 == schedule.times.size() ? 1.0 : 0.0;
    start.push_back({t, -t, 0.0, coupon, redemption});
    if (left > kSameTime) {
      end.push_back({left, -left, 0.0, coupon, redemption});
    } else {
      within.push_back({step_years, std::max(0.0, -left), 0.0, coupon, redemption});
    }
  }
  start_.emplace(tenors, like, start);
  within_.emplace(tenors, like, within);
  end_.emplace(tenors, like, end);
}

void ConstantMaturityBond::step_return(const DiscountCurve& start, const DiscountCurve& end,
                                       double* gross_return) const {
  std::size_t lanes = start.zero_rates.lanes();
  LaneArray values(6, lanes);
  double *annuity = values.row(0), *redemption = values.row(1);  // at the start, of a coupon of 1 a year
  double *annuity_within = values.row(2), *redemption_within = values.row(3);
  double *annuity_end = values.row(4), *redemption_end = values.row(5);
  start_->evaluate(start, annuity, redemption);
  within_->evaluate({start.zero_rates, start.breakeven}, annuity_within, redemption_within);  // cash: no spread
  end_->evaluate(end, annuity_end, redemption_end);
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

void swap_overlay_step_return(const ConstantMaturityBond& fixed_leg, double notional, const MarketStep& market,
                              double* gross_return) {
  fixed_leg.step_return(market.start(), market.end(), gross_return);
  const double* cash = market.cash_gross;
  for (std::size_t lane = 0; lane < market.start_curve.lanes(); ++lane) {
    double fund = cash[lane] + notional * (gross_return[lane] - cash[lane]);
    gross_return[lane] = std::max(0.0, fund);
  }
}

}  // namespace ballast
