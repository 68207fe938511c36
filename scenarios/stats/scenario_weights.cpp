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

/// What is left of y after its weighted regression on the columns of `fixed`, constant included.
std::vector<double> unexplained(std::span<const double> y, const Eigen::MatrixXd& fixed, const std::vector<double>& p) {
  const Eigen::Index k = fixed.cols(), n = fixed.rows();
  Eigen::VectorXd means = Eigen::VectorXd::Zero(k), cross = Eigen::VectorXd::Zero(k);
  Eigen::MatrixXd square = Eigen::MatrixXd::Zero(k, k);
  for (Eigen::Index a = 0; a < k; ++a) {
    for (Eigen::Index s = 0; s < n; ++s) means[a] += p[std::size_t(s)] * fixed(s, a);
  }
  double mean = 0.0;
  for (std::size_t s = 0; s < y.size(); ++s) mean += p[s] * y[s];
  for (Eigen::Index a = 0; a < k; ++a) {
    for (Eigen::Index s = 0; s < n; ++s) {
      double weighted = p[std::size_t(s)] * (fixed(s, a) - means[a]);
      cross[a] += weighted * (y[std::size_t(s)] - mean);
      for (Eigen::Index b = 0; b <= a; ++b) square(a, b) += weighted * (fixed(s, b) - means[b]);
    }
    for (Eigen::Index b = 0; b < a; ++b) square(b, a) = square(a, b);
  }
  const Eigen::VectorXd slope = square.ldlt().solve(cross);
  std::vector<double> rest(y.begin(), y.end());
  for (std::size_t s = 0; s < rest.size(); ++s) {
    rest[s] -= mean;
    for (Eigen::Index a = 0; a < k; ++a) rest[s] -= slope[a] * (fixed(Eigen::Index(s), a) - means[a]);
  }
  return rest;
}

}  // namespace

double standard_error(std::span<const double> influence, const ScenarioWeights& weights) {
  if (influence.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> p = normalised(weights.probability, influence.size());
  std::vector<double> rest;
  if (weights.fixed && weights.fixed->cols() > 0) {
    rest = unexplained(influence, *weights.fixed, p);
    influence = rest;
  }
  CompensatedSum sum;
  if (weights.replications.independent()) {
    for (std::size_t s = 0; s < influence.size(); ++s) sum.add((p[s] * influence[s]) * (p[s] * influence[s]));
    return std::sqrt(sum.value());
  }
  const std::uint64_t clusters = weights.replications.clusters(influence.size());
  if (clusters < 2) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> of_cluster(clusters, 0.0);
  for (std::size_t s = 0; s < influence.size(); ++s) of_cluster[weights.replications.cluster(s)] += p[s] * influence[s];
  for (double c : of_cluster) sum.add(c * c);
  return std::sqrt(sum.value() * double(clusters) / double(clusters - 1));
}

}  // namespace ballast
