#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace ballast {

/// A condition on an expectation under the new probabilities: E[f] = target, or E[f] <= target.
struct Expectation {
  double target = 0.0;
  bool equality = true;
};

/// Probabilities nearest to the prior, in relative entropy, that meet the conditions.
struct PooledProbabilities {
  bool met = false;                 ///< false: no probabilities on these scenarios meet them all (or hardly any)
  std::vector<double> probability;  ///< one a scenario, sums to 1
  std::vector<double> multiplier;   ///< one a condition, per unit of its function; 0 where an inequality does not bind
  double largest_residual = 0.0;    ///< of E[f] - target over the conditions that bind, in prior standard deviations
  double relative_entropy = 0.0;    ///< sum p ln(p / prior)
};

/// Entropy pooling (Meucci 2008, "Fully flexible views: theory and practice", section 3 and appendix A.1): minimises
/// sum p_s ln(p_s / q_s) under linear conditions on p. The optimum is an exponential tilting, p ~ q exp(-lambda' f);
/// the convex dual ln sum q exp(-lambda'(f - target)) is minimised by NLopt (L-BFGS with gradient, lambda >= 0 for
/// inequalities) and polished by Newton steps on what binds.
/// functions: scenarios x conditions; prior: empty for equal. Same bits for any number of threads.
PooledProbabilities entropy_pooling(const Eigen::MatrixXd& functions, const std::vector<Expectation>& conditions,
                                    std::span<const double> prior);

/// How many equally probable scenarios these probabilities are worth: exp of their entropy (Meucci 2012), and 1 / sum
/// p^2 (Kish 1965).
struct EffectiveScenarios {
  double by_entropy = 0.0;
  double by_squares = 0.0;
};
EffectiveScenarios effective_scenarios(std::span<const double> probability);

}  // namespace ballast
