#include "engine/portfolio/held_bond.h"

#include <algorithm>
#include <vector>

namespace ballast {
namespace {

/// Whether nothing is to come any more at the step's start: the bond is cash.
bool matured(const CashFlows& flows, const MarketStep& market, double step_years) {
  return flows.times.back() - (market.number - 1) * step_years <= kSameTime;
}

void step_value_ratio(const CashFlows& flows, int step, double step_years, std::span<const double> tenors,
                      const YieldCurve& like, const DiscountCurve& start_curve, const DiscountCurve& end_curve,
                      double* ratio) {
  std::size_t lanes = start_curve.zero_rates.lanes();
  double start_time = (step - 1) * step_years;
  std::vector<DiscountedTerm> bought, due, sold;
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    double left = flows.times[j] - start_time, left_at_end = left - step_years, amount = flows.amounts[j];
    if (left <= kSameTime) continue;
    bought.push_back({left, -left, -left * flows.spread, amount, 0.0});
    if (left_at_end > kSameTime) {
      sold.push_back({left_at_end, -left_at_end, -left_at_end * flows.spread, amount, 0.0});
    } else {
      due.push_back({step_years, std::max(0.0, -left_at_end), 0.0, amount, 0.0});
    }
  }
  LaneArray values(4, lanes);
  double *start = values.row(0), *paid = values.row(1), *end = values.row(2), *unused = values.row(3);
  DiscountedSums(tenors, like, bought).evaluate(start_curve, start, unused);
  DiscountedSums(tenors, like, due).evaluate(start_curve, paid, unused);
  DiscountedSums(tenors, like, sold).evaluate(end_curve, end, unused);
  for (std::size_t lane = 0; lane < lanes; ++lane) ratio[lane] = (end[lane] + paid[lane]) / start[lane];
}

}  // namespace

void held_bond_step_return(const CashFlows& flows, double step_years, std::span<const double> tenors,
                           const YieldCurve& like, const MarketStep& market, double* gross_return) {
  if (matured(flows, market, step_years)) {
    std::copy_n(market.cash_gross, market.start_curve.lanes(), gross_return);
    return;
  }
  step_value_ratio(flows, market.number, step_years, tenors, like, market.start(), market.end(), gross_return);
}

void held_linked_bond_step_return(const CashFlows& flows, double step_years, std::span<const double> tenors,
                                  const YieldCurve& like, const MarketStep& market, double* gross_return) {
  std::size_t lanes = market.start_curve.lanes();
  if (matured(flows, market, step_years)) {
    std::copy_n(market.cash_gross, lanes, gross_return);
    return;
  }
  step_value_ratio(flows, market.number, step_years, tenors, like, market.start_real(), market.end_real(),
                   gross_return);
  for (std::size_t lane = 0; lane < lanes; ++lane) gross_return[lane] *= market.price_growth[lane];
}

}  // namespace ballast
