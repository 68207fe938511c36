#pragma once

#include <span>
#include <vector>

#include "engine/liabilities/expected_flows.h"
#include "scenarios/market/curve.h"

namespace ballast {

inline constexpr double kBasisPoint = 1e-4;

/// Value and sensitivities of cash flows. With PV = sum CF_j exp(-(z(t_j) + spread) t_j), P_j the j-th discount factor:
///   macaulay_duration   sum t_j CF_j P_j / PV, in years
///   modified_duration   -PV'/PV and
///   convexity           PV''/PV under a parallel shift of the market's zero rates as compounded: with m periods a year
///                       a rate r has exp(z) = (1 + r/m)^m, so dz/dr = exp(-z/m); a spread stays as it is
///   effective_duration  [PV(-1 bp) - PV(+1 bp)] / (2 bp PV), re-valued under that shift, and
///   dv01                [PV(-1 bp) - PV(+1 bp)] / 2: what the value gains when rates fall by a basis point
///   inflation_duration  d ln PV / d parallel shift of the breakeven rates, nominal rates staying as they are
///   key_rate_durations  -PV'/PV under a shift of r(t) in the shape of key_rate_weight; they sum to modified_duration
/// (Fabozzi, Bond Markets, ch. 4; Ho 1992, "Key rate durations"). With PV = 0 all but pv and
/// dv01 are NaN.
struct LiabilityMeasures {
  double pv = 0.0;
  double macaulay_duration = 0.0;
  double modified_duration = 0.0;
  double convexity = 0.0;
  double effective_duration = 0.0;
  double dv01 = 0.0;
  double inflation_duration = 0.0;
  std::vector<double> key_rate_durations;
};

/// Shift at time t when key rate k is raised by 1: a triangle with its top at nodes[k] and zero at its neighbours, flat
/// outside the end nodes. At every t the weights of all nodes sum to one. nodes: ascending, years.
double key_rate_weight(std::span<const double> nodes, std::size_t k, double t);

/// Measures at the curve's date. key_rates: nodes (years, ascending); empty: none.
LiabilityMeasures measure(const CashFlows& flows, const YieldCurve& curve, Compounding compounding,
                          std::span<const double> key_rates);

/// The same of several liabilities together; measure_expected also sees what follows inflation.
LiabilityMeasures measure_expected(std::span<const ExpectedFlows> liabilities, const YieldCurve& curve,
                                   Compounding compounding, std::span<const double> key_rates);
LiabilityMeasures measure_total(std::span<const CashFlows> liabilities, const YieldCurve& curve,
                                Compounding compounding, std::span<const double> key_rates);

}  // namespace ballast
