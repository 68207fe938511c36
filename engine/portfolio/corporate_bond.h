#pragma once

#include "engine/portfolio/constant_maturity.h"
#include "engine/portfolio/corporate_bond_parameters.h"

namespace ballast {

/// The total return over one step of a diversified fund of corporate bonds of constant maturity:
///     (1 - l)^dt x [a par bond bought at the zero curve plus spread, aged by the step, sold at both of its end],
/// l the fund's yearly loss by defaults and downgrades (CorporateBondParameters::yearly_loss). The spread is one
/// number, added to all zero rates, so that the fund's spread duration is its modified duration; carry is its yield.
/// What falls due within the step is kept in cash. A fund holds so many names that defaults are the loss expected of
/// them; what a bad year costs beyond it is in the spread.
class CorporateBondFund {
 public:
  CorporateBondFund(const CorporateBondParameters& parameters, std::span<const double> tenors, const YieldCurve& like,
                    double step_years);

  /// spread: which one. gross_return: [lane].
  void step_return(const MarketStep& market, std::size_t spread, double* gross_return) const;

 private:
  ConstantMaturityBond bond_;
  double kept_;  ///< (1 - l)^dt
};

}  // namespace ballast
