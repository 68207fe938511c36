#include "engine/study/distribution.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

Distribution equal_and_independent(std::vector<double>& values) {
  Distribution result;
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }), values.end());
  double n = double(values.size());
  if (values.empty()) {
    result.mean = {NAN, NAN};
    result.quantiles.assign(reported_quantiles().size(), NAN);
    return result;
  }
  CompensatedSum sum;
  for (double v : values) sum.add(v);
  double mean = sum.value() / n, squares = 0.0;
  for (double v : values) squares += (v - mean) * (v - mean);
  result.mean = {mean, n > 1 ? std::sqrt(squares / (n - 1) / n) : NAN};
  // Ascending levels: each selection works on what the last one left above it.
  auto from = values.begin();
  for (double level : reported_quantiles()) {
    auto rank = std::max<std::ptrdiff_t>(1, std::ptrdiff_t(std::ceil(level * n - 1e-9)));
    auto at = values.begin() + (rank - 1);
    if (at >= from) std::nth_element(from, at, values.end());
    result.quantiles.push_back(*at);
    from = at;
  }
  return result;
}

double probability_of(const ScenarioWeights& weights, std::size_t scenario) {
  return weights.probability.empty() ? 1.0 : weights.probability[scenario];
}

/// The smallest values with at least each level's share of the total at or below.
std::vector<double> weighted_quantiles(const std::vector<double>& values, const std::vector<double>& probability,
                                       double total) {
  std::vector<std::pair<double, double>> ascending;
  for (std::size_t s = 0; s < values.size(); ++s) {
    if (probability[s] > 0) ascending.emplace_back(values[s], probability[s] / total);
  }
  std::sort(ascending.begin(), ascending.end());
  std::vector<double> quantiles;
  CompensatedSum mass;
  auto at = ascending.begin();
  mass.add(at->second);
  for (double level : reported_quantiles()) {
    for (; mass.value() < level - 1e-12 && at + 1 != ascending.end(); mass.add(at->second)) ++at;
    quantiles.push_back(at->first);
  }
  return quantiles;
}

}  // namespace

const std::vector<double>& reported_quantiles() {
  static const std::vector<double> levels = {0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.995};
  return levels;
}

Distribution distribution(std::vector<double>& values, const ScenarioWeights& weights) {
  if (values.empty() || (weights.probability.empty() && weights.independent())) return equal_and_independent(values);
  // Ratio of two means: of the quantity where it is a number, and of the probability that it is one.
  std::vector<double> probability(values.size());
  CompensatedSum all, counted, sum;
  for (std::size_t s = 0; s < values.size(); ++s) {
    double p = probability_of(weights, s);
    all.add(p);
    if (std::isnan(values[s])) {
      values[s] = 0.0;
      continue;
    }
    probability[s] = p;
    counted.add(p);
    sum.add(p * values[s]);
  }
  if (!(counted.value() > 0)) {
    values.clear();
    return equal_and_independent(values);
  }
  Distribution result;
  double mean = sum.value() / counted.value();
  std::vector<double> influence(values.size());
  for (std::size_t s = 0; s < values.size(); ++s) {
    influence[s] = probability[s] > 0 ? (values[s] - mean) * all.value() / counted.value() : 0.0;
  }
  result.mean = {mean, standard_error(influence, weights)};
  result.quantiles = weighted_quantiles(values, probability, counted.value());
  return result;
}

Estimate share_below(const std::vector<double>& values, double bound, const ScenarioWeights& weights) {
  if (weights.probability.empty() && weights.independent()) {
    double n = double(values.size());
    double p = double(std::count_if(values.begin(), values.end(), [&](double v) { return v < bound; })) / n;
    return {p, std::sqrt(p * (1 - p) / n)};
  }
  CompensatedSum all, below;
  for (std::size_t s = 0; s < values.size(); ++s) {
    all.add(probability_of(weights, s));
    if (values[s] < bound) below.add(probability_of(weights, s));
  }
  double p = below.value() / all.value();
  std::vector<double> influence(values.size());
  for (std::size_t s = 0; s < values.size(); ++s) influence[s] = (values[s] < bound ? 1.0 : 0.0) - p;
  return {p, standard_error(influence, weights)};
}

Estimate shortfall_probability(const std::vector<double>& surplus, double initial_assets,
                               const ScenarioWeights& weights) {
  return share_below(surplus, -1e-9 * initial_assets, weights);
}

}  // namespace ballast
