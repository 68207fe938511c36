#include "engine/portfolio/corporate_bond.h"

#include <cmath>

namespace ballast {

CorporateBondFund::CorporateBondFund(const CorporateBondParameters& parameters, std::span<const double> tenors,
                                     const YieldCurve& like, double step_years)
    : bond_(parameters.bond(), tenors, like, step_years),
      kept_(std::exp(step_years * std::log1p(-parameters.yearly_loss()))) {}

void CorporateBondFund::step_return(const MarketStep& market, std::size_t spread, double* gross_return) const {
  DiscountCurve start = market.start(), end = market.end();
  start.spread = market.start_spreads->row(spread);
  end.spread = market.end_spreads->row(spread);
  bond_.step_return(start, end, gross_return);
  for (std::size_t lane = 0; lane < market.start_curve.lanes(); ++lane) gross_return[lane] *= kept_;
}

}  // namespace ballast
