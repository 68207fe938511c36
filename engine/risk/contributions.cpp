#include "engine/risk/contributions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

/// A scenario of the tail with its probability, and its share of the tail's.
struct TailScenario {
  std::size_t scenario;
  double probability, share;
};

/// Scenarios that were drawn together: those in the tail are Tail::together[begin, end).
struct TailCluster {
  std::size_t begin, end;
  double outside;  ///< probability of those that are not in the tail
};

struct Tail {
  std::vector<TailScenario> scenarios;  ///< worst first
  std::vector<std::size_t> together;    ///< their numbers in it, cluster by cluster
  std::vector<TailCluster> clusters;    ///< those with scenarios in the tail
  double squared_probability = 0.0;     ///< sum over *all* clusters of their probability's square
  double spread = 1.0;                  ///< C/(C-1) for C clusters, 1 for independent scenarios
};

/// The scenarios with the largest losses, worst first (ties by number), holding at least `mass` and all that tie with
/// the last of them. The others are not sorted: the tail is a small part.
template <class Mass>
std::vector<std::size_t> worst_first(std::span<const double> loss, double mass, Mass&& mass_of) {
  std::vector<std::size_t> order(loss.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto worse = [&](std::size_t a, std::size_t b) { return loss[a] != loss[b] ? loss[a] > loss[b] : a < b; };
  std::size_t count = std::min(order.size(), std::size_t(mass * double(order.size())) + 2);
  while (true) {
    if (count < order.size()) std::nth_element(order.begin(), order.begin() + long(count), order.end(), worse);
    double held = 0.0;
    for (std::size_t k = 0; k < count; ++k) held += mass_of(order[k]);
    if (held >= mass * (1.0 + 1e-9) || count == order.size()) break;
    count = std::min(order.size(), 2 * count);
  }
  double least = loss[order[0]];
  for (std::size_t k = 0; k < count; ++k) least = std::min(least, loss[order[k]]);
  const auto ties =
      std::partition(order.begin() + long(count), order.end(), [&](std::size_t s) { return loss[s] == least; });
  order.erase(ties, order.end());
  std::sort(order.begin(), order.end(), worse);
  return order;
}

/// Losses beyond VaR with all their probability, those at VaR with equal parts of theirs; worst first.
Tail tail_scenarios(std::span<const double> loss, double confidence, std::span<const double> probability) {
  Tail result;
  double total = 1.0;
  result.squared_probability = 1.0 / double(loss.size());
  if (!probability.empty()) {
    CompensatedSum sum, squares;
    for (double p : probability) {
      sum.add(p);
      squares.add(p * p);
    }
    total = sum.value();
    result.squared_probability = squares.value() / (total * total);
  }
  auto mass = [&](std::size_t s) { return probability.empty() ? 1.0 / double(loss.size()) : probability[s] / total; };
  const double tail = 1.0 - confidence;
  const std::vector<std::size_t> order = worst_first(loss, tail, mass);
  double filled = 0.0;
  for (std::size_t k = 0; k < order.size() && filled < tail * (1.0 - 1e-12);) {
    std::size_t end = k;
    double atom = 0.0;
    for (; end < order.size() && loss[order[end]] == loss[order[k]]; ++end) atom += mass(order[end]);
    const double part = atom > 0.0 ? std::min(1.0, (tail - filled) / atom) : 0.0;
    for (; k < end; ++k) {
      result.scenarios.push_back({order[k], mass(order[k]), part * mass(order[k]) / tail});
    }
    filled += atom;
  }
  return result;
}

Tail tail_of(std::span<const double> loss, double confidence, const ScenarioWeights& of_each) {
  Tail tail = tail_scenarios(loss, confidence, of_each.probability);
  if (of_each.tilted) return tail;  // every influence is needed then
  const Replications& drawn = of_each.replications;
  tail.together.resize(tail.scenarios.size());
  std::iota(tail.together.begin(), tail.together.end(), std::size_t{0});
  if (drawn.independent()) {
    for (std::size_t k : tail.together) tail.clusters.push_back({k, k + 1, 0.0});
    return tail;
  }
  std::vector<double> mass(drawn.clusters(loss.size()), 0.0);
  CompensatedSum total, squares;
  for (std::size_t s = 0; s < loss.size(); ++s) {
    const double p = of_each.probability.empty() ? 1.0 : of_each.probability[s];
    mass[drawn.cluster(s)] += p;
    total.add(p);
  }
  for (double& one : mass) {
    one /= total.value();
    squares.add(one * one);
  }
  auto cluster_of = [&](std::size_t k) { return drawn.cluster(tail.scenarios[k].scenario); };
  std::stable_sort(tail.together.begin(), tail.together.end(),
                   [&](std::size_t a, std::size_t b) { return cluster_of(a) < cluster_of(b); });
  for (std::size_t begin = 0, end = 0; begin < tail.together.size(); begin = end) {
    const std::uint64_t cluster = cluster_of(tail.together[begin]);
    double outside = mass[cluster];
    for (; end < tail.together.size() && cluster_of(tail.together[end]) == cluster; ++end) {
      outside -= tail.scenarios[tail.together[end]].probability;
    }
    tail.clusters.push_back({begin, end, std::max(0.0, outside)});
  }
  tail.squared_probability = squares.value();
  const double count = double(mass.size());
  tail.spread = count > 1 ? count / (count - 1) : std::numeric_limits<double>::quiet_NaN();
  return tail;
}

/// Mean of x over the tail and its standard error. Scenarios outside the tail have one influence, so that an array of
/// them all is made only where views fix means.
template <class Value>
Estimate tail_mean(const Tail& of, double confidence, std::size_t scenarios, const ScenarioWeights& of_each,
                   Value&& value) {
  const std::vector<TailScenario>& tail = of.scenarios;
  CompensatedSum sum;
  for (const TailScenario& t : tail) sum.add(t.share * value(t.scenario));
  // What x is near VaR: over the least bad of the tail, as many as the root of its size times two.
  const std::size_t near = std::min(tail.size(), std::size_t(2.0 * std::sqrt(double(tail.size()))) + 1);
  double at_var = 0.0;
  for (std::size_t k = tail.size() - near; k < tail.size(); ++k) at_var += value(tail[k].scenario) / double(near);
  const double beside = at_var - sum.value();  // influence of what is not in the tail
  auto influence_of = [&](const TailScenario& t) { return beside + (value(t.scenario) - at_var) / (1.0 - confidence); };
  if (of_each.tilted) {
    std::vector<double> influence(scenarios, beside);
    for (const TailScenario& t : tail) influence[t.scenario] = influence_of(t);
    return {sum.value(), standard_error(influence, of_each)};
  }
  CompensatedSum squares, squared_tail;
  for (const TailCluster& cluster : of.clusters) {
    double error = beside * cluster.outside, probability = cluster.outside;
    for (std::size_t k = cluster.begin; k < cluster.end; ++k) {
      const TailScenario& t = tail[of.together[k]];
      error += t.probability * influence_of(t);
      probability += t.probability;
    }
    squares.add(error * error);
    squared_tail.add(probability * probability);
  }
  squares.add(beside * beside * std::max(0.0, of.squared_probability - squared_tail.value()));
  return {sum.value(),
          scenarios > 1 ? std::sqrt(squares.value() * of.spread) : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace

CvarContributions cvar_contributions(const double* asset_return, std::span<const double> loss,
                                     std::span<const double> weights, double confidence,
                                     const ScenarioWeights& of_each) {
  if (!(confidence >= 0.0 && confidence < 1.0)) throw std::invalid_argument("confidence must be in [0, 1)");
  const std::size_t n = weights.size();
  const Tail tail = tail_of(loss, confidence, of_each);
  CvarContributions result;
  result.asset.resize(n);
  auto measure = [&](std::size_t i) {
    if (weights[i] == 0.0) return;
    result.asset[i] = tail_mean(tail, confidence, loss.size(), of_each,
                                [&](std::size_t s) { return -weights[i] * asset_return[s * n + i]; });
  };
  if (of_each.tilted) {  // an array over the scenarios each: one at a time
    for (std::size_t i = 0; i < n; ++i) measure(i);
  } else {
    parallel_for(n, measure);
  }
  result.rest = tail_mean(tail, confidence, loss.size(), of_each, [&](std::size_t s) {
    double rest = loss[s];
    for (std::size_t i = 0; i < n; ++i) rest += weights[i] * asset_return[s * n + i];
    return rest;
  });
  return result;
}

}  // namespace ballast
