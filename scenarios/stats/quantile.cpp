#include "scenarios/stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "scenarios/stats/sum.h"
#include "scenarios/stats/upper_tail.h"

namespace ballast {
namespace {

// A sum that does not depend on the order of its terms: each is rounded to a multiple of 2^-80 of the largest, and
// integers add exactly.
template <class Term>
double order_free_sum(std::size_t n, double largest, Term&& term) {
  if (largest == 0.0) return 0.0;
  int exponent;
  std::frexp(largest, &exponent);
  unsigned __int128 sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += static_cast<unsigned __int128>(std::ldexp(term(i), 80 - exponent));
  }
  return std::ldexp(static_cast<double>(sum), exponent - 80);
}

void check_level(double p) {
  if (!(p >= 0.0 && p <= 1.0)) throw std::invalid_argument("a probability outside [0, 1]: " + std::to_string(p));
}

}  // namespace

UpperTail upper_tail(std::span<const double> x, std::span<const double> probability, double depth) {
  const std::size_t n = x.size();
  const bool equal = probability.empty();
  if (n == 0 || (!equal && probability.size() != n)) {
    throw std::invalid_argument(std::to_string(probability.size()) + " probabilities for " + std::to_string(n) +
                                " outcomes");
  }
  double largest = 1.0;
  if (!equal) {
    largest = 0.0;
    for (double p : probability) {
      if (!(p >= 0.0 && p < std::numeric_limits<double>::infinity())) {
        throw std::invalid_argument("a probability that is negative or not a number");
      }
      largest = std::max(largest, p);
    }
    if (largest == 0.0) throw std::invalid_argument("probabilities that sum to zero");
  }
  UpperTail tail;
  tail.outcomes.resize(n);
  double total = static_cast<double>(n);
  tail.squared_mass = 1.0 / total;
  if (!equal) {
    total = order_free_sum(n, largest, [&](std::size_t i) { return probability[i]; });
    tail.squared_mass =
        order_free_sum(n, largest * largest, [&](std::size_t i) { return probability[i] * probability[i]; }) /
        (total * total);
  }
  for (std::size_t i = 0; i < n; ++i) tail.outcomes[i] = {x[i], (equal ? 1.0 : probability[i]) / total};

  // Take the largest m outcomes; more if they weigh too little. The margin covers the rounding of their masses.
  auto larger = [](const UpperTail::Outcome& a, const UpperTail::Outcome& b) { return a.value > b.value; };
  const double wanted = std::min(depth, 1.0) + 1e-9;
  std::size_t m = std::min(n, static_cast<std::size_t>(wanted * static_cast<double>(n)) + 16);
  for (;; m = std::min(n, 2 * m)) {
    const auto end = tail.outcomes.begin() + static_cast<std::ptrdiff_t>(m);
    if (m < n) std::nth_element(tail.outcomes.begin(), end - 1, tail.outcomes.end(), larger);
    CompensatedSum mass;
    for (auto it = tail.outcomes.begin(); it != end; ++it) mass.add(it->mass);
    if (m == n || mass.value() > wanted) break;
  }
  tail.outcomes.resize(m);
  std::sort(tail.outcomes.begin(), tail.outcomes.end(),
            [](const auto& a, const auto& b) { return a.value != b.value ? a.value > b.value : a.mass > b.mass; });
  return tail;
}

double UpperTail::value_at(double depth) const {
  // P(X <= x) >= 1 - depth means that what lies above x weighs no more than depth: down to the first outcome that would
  // bring the weight above it past that.
  CompensatedSum mass;
  double value = outcomes.front().value;
  for (const Outcome& outcome : outcomes) {
    if (outcome.mass == 0.0) continue;
    value = outcome.value;
    mass.add(outcome.mass);
    if (mass.value() > depth + kProbabilityTolerance) break;
  }
  return value;
}

double quantile(std::span<const double> sorted, double p) {
  check_level(p);
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double n = static_cast<double>(sorted.size());
  auto enough = [&](std::size_t k) { return static_cast<double>(k) / n >= p - kProbabilityTolerance; };
  std::size_t k = std::min(sorted.size(), static_cast<std::size_t>(std::ceil(n * p)));
  while (k > 1 && enough(k - 1)) --k;
  while (k < sorted.size() && !enough(k)) ++k;
  return sorted[std::max<std::size_t>(k, 1) - 1];
}

double quantile(std::span<const double> x, std::span<const double> probability, double p) {
  check_level(p);
  const bool has_nan = std::any_of(x.begin(), x.end(), [](double v) { return std::isnan(v); });
  if (x.empty() || has_nan) return std::numeric_limits<double>::quiet_NaN();
  // At p = 0 the smallest outcome that can happen: all of the distribution lies at or above it.
  return upper_tail(x, probability, 1.0 - p).value_at(1.0 - p);
}

}  // namespace ballast
