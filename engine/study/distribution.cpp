#include "engine/study/distribution.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

/// Puts the values of these ranks (ascending) in their places, as sorting would; `values` begins at rank `first`. The
/// middle one first: the others then look at a part only.
void select_ranks(std::span<double> values, std::size_t first, std::span<const std::size_t> ranks) {
  if (ranks.empty()) return;
  const std::size_t middle = ranks.size() / 2, at = ranks[middle] - first;
  std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(at), values.end());
  auto below = ranks.first(middle), above = ranks.subspan(middle + 1);
  while (!below.empty() && below.back() == ranks[middle]) below = below.first(below.size() - 1);
  while (!above.empty() && above.front() == ranks[middle]) above = above.subspan(1);
  select_ranks(values.first(at), first, below);
  select_ranks(values.subspan(at + 1), ranks[middle] + 1, above);
}

Distribution equal_and_independent(std::span<double> all) {
  Distribution result;
  const auto end = std::remove_if(all.begin(), all.end(), [](double v) { return std::isnan(v); });
  const std::span<double> values(all.begin(), end);
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
  std::vector<std::size_t> ranks;
  for (double level : reported_quantiles()) {
    ranks.push_back(std::size_t(std::max(1.0, std::ceil(level * n - 1e-9))) - 1);
  }
  select_ranks(values, 0, ranks);
  for (std::size_t rank : ranks) result.quantiles.push_back(values[rank]);
  return result;
}

double probability_of(const ScenarioWeights& weights, std::size_t scenario) {
  return weights.probability.empty() ? 1.0 : weights.probability[scenario];
}

/// The smallest values with at least each level's share of the total at or below.
std::vector<double> weighted_quantiles(std::span<const double> values, const std::vector<double>& probability,
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

Distribution distribution(std::span<double> values, const ScenarioWeights& weights) {
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
  if (!(counted.value() > 0)) return equal_and_independent({});
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

Estimate share_below(std::span<const double> values, double bound, const ScenarioWeights& weights) {
  if (weights.probability.empty() && weights.independent()) {
    double n = double(values.size());
    double p = double(std::count_if(values.begin(), values.end(), [&](double v) { return v < bound; })) / n;
    return {p, n > 1 ? std::sqrt(p * (1 - p) / n) : NAN};
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

Estimate shortfall_probability(std::span<const double> surplus, double initial_assets, const ScenarioWeights& weights) {
  return share_below(surplus, -1e-9 * initial_assets, weights);
}

}  // namespace ballast
