#pragma once

#include <vector>

#include "scenarios/market/curve.h"
#include "scenarios/market/curve_method.h"

namespace ballast {

/// Quoted instruments and how a curve is made of them.
struct CurveQuotes {
  std::vector<double> tenors;  ///< years, ascending
  std::vector<double> quotes;  ///< decimals, one a tenor
  Quote quote = Quote::zero;
  Compounding compounding = Compounding::annual;
  CurveMethodRequest request;

  /// The curve that prices them: exactly, but for the fits (Nelson-Siegel, Svensson), which are least squares on the
  /// zero rates of the linear curve. Par and swap quotes under another interpolation are solved together by Newton's
  /// method; under Smith-Wilson they are its instruments, and the curve's tenors all their dates of payment.
  /// Throws std::invalid_argument for quotes that no curve has, and an alpha that cannot be calibrated.
  YieldCurve curve() const;

  /// The same with what would be estimated (alpha, decays) set to what this curve has: for quotes that are bumped.
  CurveQuotes with_estimates_of(const YieldCurve& curve) const;
};

}  // namespace ballast
