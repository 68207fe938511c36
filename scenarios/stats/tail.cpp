#include "scenarios/stats/tail.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/random/normal.h"
#include "scenarios/stats/sum.h"
#include "scenarios/stats/upper_tail.h"

namespace ballast {
namespace {

// Hall & Sheather (1988): the half-width, in probability, over which order statistics estimate the quantile density at
// b best for a 95% interval of the quantile, for a distribution shaped like a normal near it.
double hall_sheather_half_width(double b, double n) {
  const double z = inverse_normal(b);
  const double density2 = std::exp(-z * z) / (2.0 * std::acos(-1.0));
  const double width = std::cbrt(1.96 * 1.96 * 1.5 * density2 / ((2.0 * z * z + 1.0) * n));
  return std::min(width, 0.5 * std::min(b, 1.0 - b));
}

}  // namespace

TailMeasures tail_measures(std::span<const double> loss, double confidence, const ScenarioWeights& weights) {
  if (!(confidence >= 0.0 && confidence < 1.0)) {
    throw std::invalid_argument("a confidence outside [0, 1): " + std::to_string(confidence));
  }
  confidence = std::max(confidence, 1e-12);  // at 0 the tail is everything; errors need a sliver less
  if (loss.empty() || std::any_of(loss.begin(), loss.end(), [](double l) { return std::isnan(l); })) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan, nan, nan};
  }
  const double depth = 1.0 - confidence;
  const UpperTail tail = upper_tail(loss, weights.probability, 1.5 * depth);

  TailMeasures result;
  result.var = tail.value_at(depth);
  CompensatedSum excess, above_var;
  for (const auto& [value, mass] : tail.outcomes) {
    if (value <= result.var) break;
    excess.add(mass * (value - result.var));
    above_var.add(mass);
  }
  const double mean_excess = excess.value();
  result.cvar = result.var + mean_excess / depth;

  // Variances of the two estimating functions, (L - VaR)+ and 1{L > VaR}; outcomes that do not exceed VaR count as
  // zero.
  CompensatedSum excess_variance, squared_mass_above;
  for (const auto& [value, mass] : tail.outcomes) {
    if (value <= result.var) break;
    const double deviation = value - result.var - mean_excess;
    excess_variance.add(mass * mass * deviation * deviation);
    squared_mass_above.add(mass * mass);
  }
  const double above = squared_mass_above.value();
  const double below = std::max(0.0, tail.squared_mass - above);
  result.cvar_standard_error = std::sqrt(excess_variance.value() + below * mean_excess * mean_excess) / depth;

  const double probability_error = std::sqrt(above * confidence * confidence + below * depth * depth);
  const double half_width = hall_sheather_half_width(confidence, 1.0 / tail.squared_mass);
  const double high = tail.value_at(depth - half_width);
  const double low = tail.value_at(depth + half_width);
  const double quantile_density = (high - low) / (2.0 * half_width);
  result.var_standard_error = probability_error * quantile_density;
  if (loss.size() < 2)
    result.var_standard_error = result.cvar_standard_error = std::numeric_limits<double>::quiet_NaN();
  if (weights.independent()) return result;

  // The same estimating functions as influences, for scenarios that depend on each other.
  std::vector<double> influence(loss.size());
  for (std::size_t s = 0; s < loss.size(); ++s) {
    influence[s] = (std::max(0.0, loss[s] - result.var) - mean_excess) / depth;
  }
  result.cvar_standard_error = standard_error(influence, weights);
  for (std::size_t s = 0; s < loss.size(); ++s) influence[s] = (loss[s] > result.var ? 1.0 : 0.0) - above_var.value();
  result.var_standard_error = standard_error(influence, weights) * quantile_density;
  return result;
}

}  // namespace ballast
