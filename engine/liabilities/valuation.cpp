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

namespace {

/// The zero rate when the rate so compounded is `shift` higher.
double shifted_zero_rate(double zero_rate, int periods, double shift) {
  if (periods == 0) return zero_rate + shift;
  return periods * std::log(std::exp(zero_rate / periods) + shift / periods);
}

}  // namespace

LiabilityMeasures measure_expected(std::span<const ExpectedFlows> liabilities, const YieldCurve& curve,
                                   Compounding compounding, std::span<const double> key_rates) {
  LiabilityMeasures m;
  m.key_rate_durations.assign(key_rates.size(), 0.0);
  int periods = periods_per_year(compounding);
  double period = periods == 0 ? 0.0 : 1.0 / periods;
  for (const auto& [flows, exposure] : liabilities) {
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
      double down = shifted_zero_rate(z, periods, -kBasisPoint), up = shifted_zero_rate(z, periods, kBasisPoint);
      m.dv01 += 0.5 * value * (std::exp((z - down) * t) - std::exp((z - up) * t));
      if (!exposure.empty()) m.inflation_duration += exposure[j] * value;
      for (std::size_t k = 0; k < key_rates.size(); ++k) {
        m.key_rate_durations[k] += key_rate_weight(key_rates, k, t) * t * value * dz_dr;
      }
    }
  }
  double divisor = m.pv == 0.0 ? std::numeric_limits<double>::quiet_NaN() : m.pv;
  m.effective_duration = m.dv01 / kBasisPoint / divisor;
  for (double* sum : {&m.macaulay_duration, &m.modified_duration, &m.convexity, &m.inflation_duration}) *sum /= divisor;
  for (double& duration : m.key_rate_durations) duration /= divisor;
  return m;
}

LiabilityMeasures measure_total(std::span<const CashFlows> liabilities, const YieldCurve& curve,
                                Compounding compounding, std::span<const double> key_rates) {
  std::vector<ExpectedFlows> all;
  for (const CashFlows& flows : liabilities) all.push_back({flows, {}});
  return measure_expected(all, curve, compounding, key_rates);
}

LiabilityMeasures measure(const CashFlows& flows, const YieldCurve& curve, Compounding compounding,
                          std::span<const double> key_rates) {
  return measure_total(std::span(&flows, 1), curve, compounding, key_rates);
}

}  // namespace ballast
