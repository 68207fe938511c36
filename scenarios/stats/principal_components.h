#pragma once

#include <Eigen/Core>

namespace ballast {

/// The principal components of a sample: x = mean + sum over k of score_k loading_k.
struct PrincipalComponents {
  Eigen::VectorXd mean;      ///< one a variable
  Eigen::MatrixXd loadings;  ///< variables x components: column k is component k, of length 1
  Eigen::VectorXd variance;  ///< of each component's scores (divisor n - 1), descending, not negative
  Eigen::VectorXd share;     ///< variance / total variance; zeros if there is none

  /// The scores of the first `components` components: observations x components.
  Eigen::MatrixXd scores(const Eigen::MatrixXd& x, Eigen::Index components) const;
};

/// Eigenvectors of the covariance of x's columns (one row an observation), largest variance first. The sign of a
/// component is chosen so that its largest loading in absolute value (the first of those within 1e-9 of it) is
/// positive. On changes of a yield curve the first three are level, slope and curvature (Litterman & Scheinkman 1991).
/// Throws std::invalid_argument for fewer than two rows or a value that is not finite.
PrincipalComponents principal_components(const Eigen::MatrixXd& x);

}  // namespace ballast
