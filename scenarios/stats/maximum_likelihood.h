#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace ballast {

/// A likelihood of n observations in p bounded coordinates theta, of similar scale (about 0.01 to 10 each).
struct LikelihoodProblem {
  std::string of;                  ///< whose likelihood, for messages: "the GARCH likelihood of equity"
  std::vector<std::string> names;  ///< p
  std::vector<double> start, lower, upper;
  std::size_t observations = 0;
  /// Writes ln f of each observation given those before it; false where theta is not admissible.
  std::function<bool(std::span<const double> theta, std::span<double> log_density)> log_density;
  bool identified = true;  ///< false: a likelihood that is flat at its maximum is no error, its covariance is empty
};

/// The maximum and what is known about its error.
struct LikelihoodFit {
  std::vector<double> theta;
  std::vector<bool> at_bound;  ///< estimates that rest on a bound: their error is not known, and is taken as 0
  Eigen::MatrixXd covariance;  ///< p x p, of theta: the sandwich H^-1 (sum of s s') H^-1 of White (1982)
  double log_likelihood = 0.0;

  double standard_error(std::size_t i) const;  ///< NaN at a bound
};

/// Maximises by NLopt's SLSQP with central differences, from `start` and from every further start, and once more by
/// subplex (Rowan 1990) where that does not end at a stationary point. Throws NoSolutionError (69) when neither does,
/// or where the curvature at the maximum says that the data do not identify the parameters.
LikelihoodFit maximum_likelihood(const LikelihoodProblem& problem, const std::vector<std::vector<double>>& starts = {});

/// The sandwich covariance at a given theta (White 1982): Hessian and scores by central differences; rows and columns
/// of coordinates in `fixed` are 0. Empty if the Hessian is not negative definite.
Eigen::MatrixXd likelihood_covariance(const LikelihoodProblem& problem, std::span<const double> theta,
                                      const std::vector<bool>& fixed);

/// Covariance of g(theta) by the delta method, the Jacobian by central differences. g: R^p -> R^q.
Eigen::MatrixXd delta_method(const std::function<Eigen::VectorXd(std::span<const double>)>& g,
                             std::span<const double> theta, const Eigen::MatrixXd& covariance);

}  // namespace ballast
