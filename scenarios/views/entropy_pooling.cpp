#include "scenarios/views/entropy_pooling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>
#include <nlopt.hpp>

#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr Eigen::Index kChunk = 8192;  ///< scenarios of one partial sum: fixed, so that threads change no bit
constexpr double kResidual = 1e-10;    ///< of a condition, in prior standard deviations
constexpr double kSteepest = 1e3;      ///< multipliers beyond this mean that no probabilities meet the conditions

/// The dual of the conditions, each shifted by its target and scaled by its prior standard deviation.
class Dual {
 public:
  Dual(const Eigen::MatrixXd& functions, const std::vector<Expectation>& conditions, std::span<const double> prior)
      : n_(functions.rows()), k_(functions.cols()), g_(functions), log_prior_(std::size_t(n_)), p_(std::size_t(n_)) {
    CompensatedSum total;
    for (double q : prior) total.add(q);
    for (Eigen::Index s = 0; s < n_; ++s) {
      log_prior_[std::size_t(s)] =
          prior.empty() ? -std::log(double(n_)) : std::log(prior[std::size_t(s)] / total.value());
    }
    scale_.resize(std::size_t(k_));
    for (Eigen::Index c = 0; c < k_; ++c) {
      double mean = 0.0, square = 0.0;
      for (Eigen::Index s = 0; s < n_; ++s) mean += std::exp(log_prior_[std::size_t(s)]) * g_(s, c);
      for (Eigen::Index s = 0; s < n_; ++s) {
        square += std::exp(log_prior_[std::size_t(s)]) * (g_(s, c) - mean) * (g_(s, c) - mean);
      }
      scale_[std::size_t(c)] = square > 0 ? std::sqrt(square) : 1.0;
      for (Eigen::Index s = 0; s < n_; ++s) {
        g_(s, c) = (g_(s, c) - conditions[std::size_t(c)].target) / scale_[std::size_t(c)];
      }
    }
  }

  Eigen::Index conditions() const { return k_; }
  double scale(Eigen::Index c) const { return scale_[std::size_t(c)]; }
  const std::vector<double>& probability() const { return p_; }

  /// ln sum q exp(-lambda' g), and E[g] (minus the gradient) under the tilted probabilities, which are kept.
  double value(const Eigen::VectorXd& lambda, Eigen::VectorXd& mean) {
    const auto chunks = std::size_t((n_ + kChunk - 1) / kChunk);
    std::vector<double> largest(chunks), sum(chunks);
    Eigen::MatrixXd means = Eigen::MatrixXd::Zero(k_, Eigen::Index(chunks));
    auto range = [&](std::size_t chunk) {
      return std::pair(Eigen::Index(chunk) * kChunk, std::min(n_, (Eigen::Index(chunk) + 1) * kChunk));
    };
    parallel_for(chunks, [&](std::size_t chunk) {
      auto [first, end] = range(chunk);
      std::copy(log_prior_.begin() + first, log_prior_.begin() + end, p_.begin() + first);
      for (Eigen::Index c = 0; c < k_; ++c) {
        for (Eigen::Index s = first; s < end; ++s) p_[std::size_t(s)] -= lambda[c] * g_(s, c);
      }
      largest[chunk] = *std::max_element(p_.begin() + first, p_.begin() + end);
    });
    const double top = *std::max_element(largest.begin(), largest.end());
    parallel_for(chunks, [&](std::size_t chunk) {
      auto [first, end] = range(chunk);
      for (Eigen::Index s = first; s < end; ++s) {
        double weight = std::exp(p_[std::size_t(s)] - top);
        p_[std::size_t(s)] = weight;
        sum[chunk] += weight;
      }
      for (Eigen::Index c = 0; c < k_; ++c) {
        for (Eigen::Index s = first; s < end; ++s) means(c, Eigen::Index(chunk)) += p_[std::size_t(s)] * g_(s, c);
      }
    });
    CompensatedSum total;
    for (double part : sum) total.add(part);
    mean = Eigen::VectorXd::Zero(k_);
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) mean += means.col(Eigen::Index(chunk));
    mean /= total.value();
    for (double& p : p_) p /= total.value();
    return top + std::log(total.value());
  }

  /// The covariance of g under the probabilities of the last value().
  Eigen::MatrixXd covariance(const Eigen::VectorXd& mean) const {
    Eigen::MatrixXd all = Eigen::MatrixXd::Zero(k_, k_);
    for (Eigen::Index a = 0; a < k_; ++a) {
      for (Eigen::Index b = 0; b <= a; ++b) {
        double sum = 0.0;
        for (Eigen::Index s = 0; s < n_; ++s) {
          sum += p_[std::size_t(s)] * (g_(s, a) - mean[a]) * (g_(s, b) - mean[b]);
        }
        all(a, b) = all(b, a) = sum;
      }
    }
    return all;
  }

  double relative_entropy() const {
    CompensatedSum sum;
    for (std::size_t s = 0; s < p_.size(); ++s) {
      if (p_[s] > 0) sum.add(p_[s] * (std::log(p_[s]) - log_prior_[s]));
    }
    return sum.value();
  }

 private:
  Eigen::Index n_, k_;
  Eigen::MatrixXd g_;
  std::vector<double> log_prior_, p_, scale_;
};

double objective(const std::vector<double>& x, std::vector<double>& gradient, void* data) {
  Eigen::VectorXd mean;
  double value =
      static_cast<Dual*>(data)->value(Eigen::Map<const Eigen::VectorXd>(x.data(), Eigen::Index(x.size())), mean);
  for (std::size_t c = 0; c < gradient.size(); ++c) gradient[c] = -mean[Eigen::Index(c)];
  return value;
}

/// Newton steps on the conditions that bind; what does not get better is left.
void polish(Dual& dual, const std::vector<Expectation>& conditions, Eigen::VectorXd& lambda) {
  Eigen::VectorXd mean, trial_mean;
  double value = dual.value(lambda, mean);
  for (int iteration = 0; iteration < 30; ++iteration) {
    std::vector<Eigen::Index> binding;
    for (Eigen::Index c = 0; c < lambda.size(); ++c) {
      bool binds = conditions[std::size_t(c)].equality || lambda[c] > 0 || mean[c] > 0;
      if (binds) binding.push_back(c);
    }
    if (binding.empty() || mean(binding).cwiseAbs().maxCoeff() < 1e-14) return;
    const Eigen::VectorXd step = dual.covariance(mean)(binding, binding).ldlt().solve(mean(binding));
    if (!step.allFinite()) return;
    // Near the optimum the value no longer shows progress that the residuals do.
    const double residual = mean(binding).cwiseAbs().maxCoeff();
    bool better = false;
    Eigen::VectorXd trial;
    double trial_value = 0.0;
    for (double length = 1.0; length > 1e-6 && !better; length /= 2) {
      trial = lambda;
      trial(binding) += length * step;
      for (Eigen::Index c = 0; c < trial.size(); ++c) {
        if (!conditions[std::size_t(c)].equality) trial[c] = std::max(trial[c], 0.0);
      }
      trial_value = dual.value(trial, trial_mean);
      better = trial_value < value - 1e-12 * (1.0 + std::abs(value)) ||
               trial_mean(binding).cwiseAbs().maxCoeff() < 0.9 * residual;
    }
    if (!better) return;
    lambda = trial;
    mean = trial_mean;
    value = trial_value;
  }
}

}  // namespace

PooledProbabilities entropy_pooling(const Eigen::MatrixXd& functions, const std::vector<Expectation>& conditions,
                                    std::span<const double> prior) {
  Dual dual(functions, conditions, prior);
  const auto k = std::size_t(dual.conditions());
  Eigen::VectorXd lambda = Eigen::VectorXd::Zero(Eigen::Index(k)), mean;
  if (k > 0) {
    nlopt::opt solver(nlopt::LD_LBFGS, unsigned(k));
    std::vector<double> lower(k), upper(k, kSteepest), x(k, 0.0);
    for (std::size_t c = 0; c < k; ++c) lower[c] = conditions[c].equality ? -kSteepest : 0.0;
    solver.set_lower_bounds(lower);
    solver.set_upper_bounds(upper);
    solver.set_min_objective(objective, &dual);
    solver.set_ftol_rel(1e-14);
    solver.set_maxeval(500);
    double value = 0.0;
    try {
      solver.optimize(x, value);
    } catch (const std::exception&) {
      // L-BFGS gives up where rounding hides further progress; the residuals tell how good its last point is.
    }
    lambda = Eigen::Map<Eigen::VectorXd>(x.data(), Eigen::Index(k));
    polish(dual, conditions, lambda);
  }

  PooledProbabilities result;
  dual.value(lambda, mean);
  result.probability = dual.probability();
  result.relative_entropy = dual.relative_entropy();
  result.met = true;
  for (std::size_t c = 0; c < k; ++c) {
    double residual = mean[Eigen::Index(c)], multiplier = lambda[Eigen::Index(c)];
    bool binds = conditions[c].equality || multiplier > 0;
    if (binds || residual > 0) result.largest_residual = std::max(result.largest_residual, std::abs(residual));
    result.met = result.met && std::abs(multiplier) < 0.99 * kSteepest;
    result.multiplier.push_back(multiplier / dual.scale(Eigen::Index(c)));
  }
  result.met = result.met && result.largest_residual <= kResidual;
  return result;
}

EffectiveScenarios effective_scenarios(std::span<const double> probability) {
  CompensatedSum total, entropy, squares;
  for (double p : probability) total.add(p);
  for (double p : probability) {
    double share = p / total.value();
    if (share > 0) entropy.add(-share * std::log(share));
    squares.add(share * share);
  }
  return {std::exp(entropy.value()), 1.0 / squares.value()};
}

}  // namespace ballast
