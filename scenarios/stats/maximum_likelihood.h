#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace ballast {

/// One parameter of a likelihood: where the search begins and between which bounds it stays.
struct LikelihoodParameter {
  std::string name;
  double start = 0.0, lower = 0.0, upper = 0.0;
};

struct LikelihoodFit {
  std::vector<double> estimate;
  std::vector<double> standard_error;  ///< NaN for an estimate at a bound
  Eigen::MatrixXd covariance;          ///< of the estimates; rows and columns of those at a bound are zero
  double log_likelihood = 0.0;
  int evaluations = 0;
};

/// Log likelihood of a whole sample; -infinity or NaN where the parameters make no sense.
using LogLikelihood = std::function<double(std::span<const double>)>;

/// Maximises by Rowan's (1990) Subplex (NLopt), restarted where it stopped until a restart gains less than 1e-7; no
/// derivative is needed, and the same input gives the same bits. Standard errors come from the observed information,
/// the inverse of the negative Hessian at the maximum by central differences, over the parameters inside their bounds.
/// Throws NoSolutionError naming `what` when the start has no likelihood, when the search does not settle, or when the
/// likelihood is flat at its maximum (the data do not tell some parameter), naming the parameter.
LikelihoodFit maximize_likelihood(const std::string& what, const LogLikelihood& log_likelihood,
                                  const std::vector<LikelihoodParameter>& parameters);

}  // namespace ballast
