#include "scenarios/stress/rate_shock.h"

#include <algorithm>

namespace ballast {

YieldCurve shocked_curve(const YieldCurve& curve, const RateShock& shock) {
  std::vector<double> tenors = curve.tenors();
  for (int quarter = 1; quarter <= 120; ++quarter) tenors.push_back(quarter / 4.0);
  for (int year = 31; year <= 100; ++year) tenors.push_back(year);
  std::sort(tenors.begin(), tenors.end());
  tenors.erase(std::unique(tenors.begin(), tenors.end()), tenors.end());
  std::vector<double> rates;
  for (double t : tenors) rates.push_back(shock.stressed(t, curve.zero_rate(t)));
  return YieldCurve(std::move(tenors), std::move(rates));
}

}  // namespace ballast
