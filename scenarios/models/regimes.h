#pragma once

#include <vector>

#include <Eigen/Core>

namespace ballast {

/// A Markov chain of K regimes, each with a multivariate normal distribution of the C columns (Hamilton 1989, Hardy
/// 2001), fitted to T periods. Regimes are in order of volatility, the calmest first.
struct Regimes {
  Eigen::MatrixXd transition;               ///< K x K, row: from
  Eigen::VectorXd initial;                  ///< K: probabilities of the first period's regime
  std::vector<Eigen::VectorXd> mean;        ///< K of C
  std::vector<Eigen::MatrixXd> covariance;  ///< K of C x C
  Eigen::MatrixXd filtered;                 ///< T x K: P(regime at t | periods up to t), Hamilton filter
  Eigen::MatrixXd smoothed;                 ///< T x K: P(regime at t | all periods), Kim (1994) smoother
  double log_likelihood = 0.0;
  int iterations = 0;
  bool converged = false;

  int count() const { return int(transition.rows()); }
  Eigen::VectorXd stationary() const;  ///< K: long-run probabilities
};

/// Standard errors from the outer product of the scores (Berndt, Hall, Hall & Hausman 1974), correlations held fixed.
struct RegimeErrors {
  Eigen::MatrixXd transition;                    ///< K x K
  std::vector<Eigen::VectorXd> mean, deviation;  ///< K of C: of the means and of the standard deviations
};

/// Maximum likelihood by EM (Hamilton 1990) from several starts: 30 iterations each, then the best two to convergence.
/// Each covariance has one pseudo-observation with the history's variances and no correlations as its prior, so that no
/// regime can shrink onto a few periods (Hamilton 1991). Throws NoSolutionError where EM does not converge in 5,000
/// iterations, or where a regime holds fewer periods than columns + 1.
Regimes fit_regimes(const Eigen::MatrixXd& rows, int count, int starts);

/// Fills in filtered and smoothed probabilities and the log-likelihood of rows (T x C) from the other members.
void filter_and_smooth(const Eigen::MatrixXd& rows, Regimes& regimes);

RegimeErrors regime_errors(const Eigen::MatrixXd& rows, const Regimes& regimes);

}  // namespace ballast
