#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace ballast {

/// A correlation matrix made from one that was not.
struct NearestCorrelation {
  Eigen::MatrixXd matrix;       ///< positive definite, unit diagonal
  double largest_change = 0.0;  ///< of a single correlation, in absolute value
  double distance = 0.0;        ///< Frobenius norm of the difference
};

/// The correlation matrix nearest in the Frobenius norm to a symmetric matrix: Higham (2002), "Computing the nearest
/// correlation matrix", IMA J. Numerical Analysis 22, algorithm 3.3 (alternating projections with Dykstra's
/// correction). Eigenvalues end at `smallest` or above, so that a Cholesky factor exists.
NearestCorrelation nearest_correlation(const Eigen::MatrixXd& symmetric, double smallest = 1e-8);

/// Checks a correlation matrix that a user gave: square, finite, symmetric, unit diagonal, entries in [-1, 1], positive
/// definite (smallest eigenvalue above 1e-10). Throws key_error on `key_path`: always for the first four; for the last
/// only without `repair`, naming the smallest eigenvalue and the pair that the nearest correlation matrix would change
/// most. With `repair` returns that matrix, and largest_change says what it did (0: nothing was wrong). names: one a
/// row.
NearestCorrelation checked_correlation(const Eigen::MatrixXd& given, const std::vector<std::string>& names, bool repair,
                                       const std::string& key_path);

/// Lower Cholesky factor, row-major n x n for triangular_product; a pivot that rounding made (nearly) zero, as
/// identical columns do, gives a zero column.
std::vector<double> lower_factor(const Eigen::MatrixXd& covariance);

}  // namespace ballast
