#include "engine/liabilities/valuation.h"

#include <cmath>
#include <limits>

namespace ballast {

double key_rate_weight(std::span<const double> nodes, std::size_t k, double t) {
  if (nodes.size() == 1) return 1.0;
  LinearWeights w = linear_weights(nodes, t);
  if (std::size_t(w.lower) == k) return 1.0 - w.weight_upper;
  if (std::size_t(w.lower) + 1 == k) return w.weight_upper;
  return 0.0;
}

LiabilityMeasures measure_total(std::span<const CashFlows> liabilities, const YieldCurve& curve,
                                Compounding compounding, std::span<const double> key_rates) {
  LiabilityMeasures m;
  m.key_rate_durations.assign(key_rates.size(), 0.0);
  int periods = periods_per_year(compounding);
  double period = periods == 0 ? 0.0 : 1.0 / periods;
  for (const CashFlows& flows : liabilities) {
    for (std::size_t j = 0; j < flows.times.size(); ++j) {
      double t = flows.times[j];
      double z = curve.zero_rate(t);
      double value = flows.amounts[j] * std::exp(-(z + flows.spread) * t);
      double dz_dr = std::exp(-z * period);
      m.pv += value;
      m.macaulay_duration += t * value;
      m.modified_duration += t * value * dz_dr;
      // d2z/dr2 = -exp(-2 z / m) / m adds t / m to t^2.
      m.convexity += t * (t + period) * value * dz_dr * dz_dr;
      for (std::size_t k = 0; k < key_rates.size(); ++k) {
        m.key_rate_durations[k] += key_rate_weight(key_rates, k, t) * t * value * dz_dr;
      }
    }
  }
  double divisor = m.pv == 0.0 ? std::numeric_limits<double>::quiet_NaN() : m.pv;
  m.macaulay_duration /= divisor;
  m.modified_duration /= divisor;
  m.convexity /= divisor;
  for (double& duration : m.key_rate_durations) duration /= divisor;
  return m;
}

LiabilityMeasures measure(const CashFlows& flows, const YieldCurve& curve, Compounding compounding,
                          std::span<const double> key_rates) {
  return measure_total(std::span(&flows, 1), curve, compounding, key_rates);
}

}  // namespace ballast
