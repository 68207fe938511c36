#include "scenarios/stats/scenario_weights.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Cholesky>

#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

/// Probabilities that sum to one.
std::vector<double> normalised(std::span<const double> probability, std::size_t count) {
  if (probability.empty()) return std::vector<double>(count, 1.0 / double(count));
  if (probability.size() != count) {
    throw std::invalid_argument(std::to_string(probability.size()) + " probabilities for " + std::to_string(count) +
                                " scenarios");
  }
  CompensatedSum sum;
  for (double p : probability) sum.add(p);
  std::vector<double> shares(probability.begin(), probability.end());
  for (double& p : shares) p /= sum.value();
  return shares;
}

/// Adds to error[s] what scenario s contributes by way of a layer: p times what is left of y after its regression on
/// the functions, weighted by p, constant included, and q times the slopes of that on the targets' influences.
void add_layer(std::span<const double> y, const TiltedLayer& layer, const std::vector<double>& prior,
               std::vector<double>& error) {
  const Eigen::MatrixXd& f = layer.functions;
  const std::vector<double>& p = layer.probability;
  const Eigen::Index k = f.cols(), n = f.rows();
  Eigen::VectorXd means = Eigen::VectorXd::Zero(k), cross = Eigen::VectorXd::Zero(k);
  Eigen::MatrixXd square = Eigen::MatrixXd::Zero(k, k);
  for (Eigen::Index a = 0; a < k; ++a) {
    for (Eigen::Index s = 0; s < n; ++s) means[a] += p[std::size_t(s)] * f(s, a);
  }
  double mean = 0.0;
  for (std::size_t s = 0; s < y.size(); ++s) mean += p[s] * y[s];
  for (Eigen::Index a = 0; a < k; ++a) {
    for (Eigen::Index s = 0; s < n; ++s) {
      double weighted = p[std::size_t(s)] * (f(s, a) - means[a]);
      cross[a] += weighted * (y[std::size_t(s)] - mean);
      for (Eigen::Index b = 0; b <= a; ++b) square(a, b) += weighted * (f(s, b) - means[b]);
    }
    for (Eigen::Index b = 0; b < a; ++b) square(b, a) = square(a, b);
  }
  const Eigen::VectorXd slope = k > 0 ? Eigen::VectorXd(square.ldlt().solve(cross)) : Eigen::VectorXd();
  for (std::size_t s = 0; s < y.size(); ++s) {
    const auto row = Eigen::Index(s);
    double rest = y[s] - mean, target = 0.0;
    for (Eigen::Index a = 0; a < k; ++a) rest -= slope[a] * (f(row, a) - means[a]);
    for (Eigen::Index a = 0; a < k; ++a) target += slope[a] * layer.targets(row, a);
    error[s] += layer.weight * (p[s] * rest + prior[s] * target);
  }
}

/// What each scenario contributes to the error of an estimate under tilted probabilities.
std::vector<double> tilted_errors(std::span<const double> influence, const TiltedProbabilities& tilted) {
  std::vector<double> error(influence.size(), 0.0);
  CompensatedSum mean;
  for (std::size_t s = 0; s < error.size(); ++s) mean.add(tilted.prior[s] * influence[s]);
  for (std::size_t s = 0; s < error.size(); ++s) {
    error[s] = tilted.prior_weight * tilted.prior[s] * (influence[s] - mean.value());
  }
  for (const TiltedLayer& layer : tilted.layers) add_layer(influence, layer, tilted.prior, error);
  return error;
}

}  // namespace

double standard_error(std::span<const double> influence, const ScenarioWeights& weights) {
  if (influence.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> error;
  if (weights.tilted) {
    error = tilted_errors(influence, *weights.tilted);
  } else {
    error = normalised(weights.probability, influence.size());
    for (std::size_t s = 0; s < influence.size(); ++s) error[s] *= influence[s];
  }
  CompensatedSum sum;
  if (weights.replications.independent()) {
    for (double e : error) sum.add(e * e);
    return std::sqrt(sum.value());
  }
  const std::uint64_t clusters = weights.replications.clusters(influence.size());
  if (clusters < 2) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> of_cluster(clusters, 0.0);
  for (std::size_t s = 0; s < influence.size(); ++s) of_cluster[weights.replications.cluster(s)] += error[s];
  for (double c : of_cluster) sum.add(c * c);
  return std::sqrt(sum.value() * double(clusters) / double(clusters - 1));
}

}  // namespace ballast
