#pragma once

#include <optional>
#include <span>

#include "engine/liabilities/discounted_sums.h"
#include "engine/portfolio/market_step.h"
#include "engine/portfolio/portfolio_parameters.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// The total return over one step of a bond fund of constant maturity: a bond of `years` is bought at the step's start,
/// ages by the step, and is sold at the curve of the step's end.
///
/// A par bond is bought at 1 with its par yield as coupon (scenarios/market/bond.h: coupons counted back from maturity;
/// at most one coupon period is a bill) and sold with the accrued coupon. What falls due within the step is kept in
/// cash until its end, at the start's zero rate of the step's length, as cash earns. So on a flat curve that stays,
/// every bond returns exp(z dt), and one whose maturity is the step's end is pulled to its redemption.
class ConstantMaturityBond {
 public:
  /// tenors: of the curves to come, ascending, years; like: they are made as this one is. step_years: dt.
  ConstantMaturityBond(const ConstantMaturityParameters& parameters, std::span<const double> tenors,
                       const YieldCurve& like, double step_years);

  /// The curves at the step's start and end. gross_return: [lane], padded; 1.01 for one percent.
  void step_return(const DiscountCurve& start, const DiscountCurve& end, double* gross_return) const;

 private:
  bool coupons_;  ///< bought at par with coupons, not at a discount
  std::optional<DiscountedSums> start_, within_, end_;
};

/// The total return over one step of receive-fixed swaps over cash as collateral (SwapOverlayParameters):
///     cash + notional (constant-maturity par bond - cash),
/// the swap being the fixed bond less a floating-rate note that is reset at the step's start. A fund whose losses
/// exceed its collateral is worth nothing, as a pooled fund with limited liability.
void swap_overlay_step_return(const ConstantMaturityBond& fixed_leg, double notional, const MarketStep& market,
                              double* gross_return);

}  // namespace ballast
