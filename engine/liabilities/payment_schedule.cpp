#include "engine/liabilities/payment_schedule.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"

namespace ballast {

PaymentTime payment_time(double time, double step_years) {
  double number = std::max(1.0, std::ceil((time - kSameTime) / step_years));
  double part_left = number - time / step_years;
  return {int(std::min(number, 1e9)), part_left * step_years <= kSameTime ? 0.0 : part_left};
}

PaymentSchedule::PaymentSchedule(const std::vector<const CashFlows*>& liabilities, double step_years, int steps)
    : by_step_(std::size_t(std::max(0, steps))) {
  for (const CashFlows* flows : liabilities) {
    for (std::size_t j = 0; j < flows->times.size(); ++j) {
      auto [number, part_left] = payment_time(flows->times[j], step_years);
      if (number > steps || flows->amounts[j] == 0.0) continue;
      std::vector<Payment>& payments = by_step_[std::size_t(number) - 1];
      auto same = std::find_if(payments.begin(), payments.end(),
                               [left = part_left](const Payment& p) { return p.part_left == left; });
      if (same != payments.end()) {
        same->amount += flows->amounts[j];
      } else {
        payments.push_back({flows->amounts[j], part_left});
      }
    }
  }
}

void PaymentSchedule::due(int step, const double* cash_gross, std::size_t lanes, double* out) const {
  BALLAST_EXPECTS(step >= 1 && std::size_t(step) <= by_step_.size());
  const std::vector<Payment>& payments = by_step_[std::size_t(step) - 1];
  std::fill_n(out, lanes, 0.0);
  LaneArray rates;  // log of the cash return, then cash grown over the part of the step
  for (const Payment& payment : payments) {
    if (payment.part_left == 0.0) {
      for (std::size_t lane = 0; lane < lanes; ++lane) out[lane] += payment.amount;
      continue;
    }
    if (rates.rows() == 0) {
      rates = LaneArray(2, lanes);
      log_lanes(cash_gross, rates.row(0), lanes);
    }
    const double* log_cash = rates.row(0);
    double* grown = rates.row(1);
    for (std::size_t lane = 0; lane < lanes; ++lane) grown[lane] = payment.part_left * log_cash[lane];
    exp_lanes(grown, grown, lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) out[lane] += payment.amount * grown[lane];
  }
}

}  // namespace ballast
