#include "engine/risk/risk.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Probabilities that sum to one.
class Probabilities {
 public:
  Probabilities(std::span<const double> given, std::size_t count) : given_(given), equal_(1.0 / double(count)) {
    if (given_.empty()) return;
    CompensatedSum sum;
    for (double p : given_) sum.add(p);
    total_ = sum.value();
  }
  double operator[](std::size_t s) const { return given_.empty() ? equal_ : given_[s] / total_; }

 private:
  std::span<const double> given_;
  double equal_, total_ = 1.0;
};

struct MeanAndDeviation {
  double mean, variance, deviation;
};

MeanAndDeviation mean_and_deviation(std::span<const double> x, const Probabilities& p) {
  CompensatedSum first, second;
  for (std::size_t s = 0; s < x.size(); ++s) first.add(p[s] * x[s]);
  double mean = first.value();
  for (std::size_t s = 0; s < x.size(); ++s) second.add(p[s] * (x[s] - mean) * (x[s] - mean));
  double variance = second.value();
  return {mean, variance, std::sqrt(variance)};
}

template <class Influence>
double error_of(std::span<const double> x, const ScenarioWeights& weights, Influence&& influence) {
  std::vector<double> of_each(x.size());
  for (std::size_t s = 0; s < x.size(); ++s) of_each[s] = influence(x[s]);
  return standard_error(of_each, weights);
}

Estimate deviation_of(std::span<const double> x, const ScenarioWeights& weights, const MeanAndDeviation& m) {
  if (m.deviation == 0.0) return {0.0, x.size() < 2 ? kNaN : 0.0};
  return {m.deviation, error_of(x, weights, [&](double value) {
            double d = value - m.mean;
            return (d * d - m.variance) / (2 * m.deviation);
          })};
}

}  // namespace

ReturnMeasures measure_returns(std::span<const double> simple_return, const ScenarioWeights& weights,
                               double horizon_years, std::optional<double> risk_free, double confidence) {
  if (simple_return.empty()) throw std::invalid_argument("no scenarios to measure");
  const std::span<const double> probability = weights.probability;
  if (!probability.empty() && probability.size() != simple_return.size()) {
    throw std::invalid_argument(
        fmt::format("{} probabilities for {} scenarios", probability.size(), simple_return.size()));
  }
  if (!(horizon_years > 0)) throw std::invalid_argument(fmt::format("a horizon of {} years", horizon_years));
  const std::span<const double> x = simple_return;
  Probabilities p(probability, x.size());
  double h = horizon_years, root_h = std::sqrt(h);
  ReturnMeasures m;

  MeanAndDeviation r = mean_and_deviation(x, p);
  m.expected_return = {r.mean, error_of(x, weights, [&](double value) { return value - r.mean; })};
  double annual = std::pow(1.0 + r.mean, 1.0 / h);
  m.annual_return = {annual - 1.0, m.expected_return.standard_error * annual / (1.0 + r.mean) / h};
  m.volatility = deviation_of(x, weights, r);

  std::vector<double> log_return(x.size());
  bool ruined = false;
  for (std::size_t s = 0; s < x.size(); ++s) {
    ruined = ruined || !(x[s] > -1.0);
    log_return[s] = std::log1p(x[s]);
  }
  m.annual_volatility = {kNaN, kNaN};
  if (!ruined) {
    Estimate deviation = deviation_of(log_return, weights, mean_and_deviation(log_return, p));
    m.annual_volatility = {deviation.value / root_h, deviation.standard_error / root_h};
  }

  m.sharpe = {kNaN, kNaN};
  if (risk_free && r.deviation > 0.0) {
    double excess = r.mean - *risk_free;
    double by_deviation = excess / (2 * r.variance * r.deviation);
    m.sharpe = {excess / r.deviation / root_h, error_of(x, weights, [&](double value) {
                  double d = value - r.mean;
                  return (d / r.deviation - by_deviation * (d * d - r.variance)) / root_h;
                })};
  }

  std::vector<double> loss(x.size());
  for (std::size_t s = 0; s < x.size(); ++s) loss[s] = -x[s];
  m.tail = tail_measures(loss, confidence, weights);
  return m;
}

std::vector<double> portfolio_returns(const double* asset_return, std::size_t scenarios,
                                      std::span<const double> weights) {
  std::vector<double> result(scenarios);
  parallel_for((scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    const std::size_t end = std::min(scenarios, (block + 1) * kBlockScenarios);
    for (std::size_t s = block * kBlockScenarios; s < end; ++s) {
      const double* row = asset_return + s * weights.size();
      double sum = 0.0;
      for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * row[i];
      result[s] = sum;
    }
  });
  return result;
}

std::vector<double> surplus_losses(const double* asset_return, std::span<const double> liability,
                                   std::span<const double> weights) {
  std::vector<double> losses = portfolio_returns(asset_return, liability.size(), weights);
  double invested = 0.0;
  for (double w : weights) invested += w;
  for (std::size_t s = 0; s < losses.size(); ++s) losses[s] = liability[s] - invested - losses[s];
  return losses;
}

}  // namespace ballast
