#include "engine/portfolio/held_bond.h"

#include <algorithm>

#include "engine/liabilities/discounted_sums.h"

namespace ballast {

void held_bond_step_return(const CashFlows& flows, int step, double step_years, std::span<const double> tenors,
                           const LaneArray& start_curve, const LaneArray& end_curve, const double* cash_gross,
                           double* gross_return) {
  std::size_t lanes = start_curve.lanes();
  double start_time = (step - 1) * step_years;
  if (flows.times.back() - start_time <= kSameTime) {
    std::copy_n(cash_gross, lanes, gross_return);
    return;
  }
  DiscountedSums bought(tenors), due(tenors), sold(tenors);
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    double left = flows.times[j] - start_time, left_at_end = left - step_years, amount = flows.amounts[j];
    if (left <= kSameTime) continue;
    bought.add(left, -left, -left * flows.spread, amount, 0.0);
    if (left_at_end > kSameTime) {
      sold.add(left_at_end, -left_at_end, -left_at_end * flows.spread, amount, 0.0);
    } else {
      due.add(step_years, std::max(0.0, -left_at_end), 0.0, amount, 0.0);
    }
  }
  LaneArray values(4, lanes);
  double *start = values.row(0), *paid = values.row(1), *end = values.row(2), *unused = values.row(3);
  bought.evaluate(start_curve, start, unused);
  due.evaluate(start_curve, paid, unused);
  sold.evaluate(end_curve, end, unused);
  for (std::size_t lane = 0; lane < lanes; ++lane) gross_return[lane] = (end[lane] + paid[lane]) / start[lane];
}

}  // namespace ballast
