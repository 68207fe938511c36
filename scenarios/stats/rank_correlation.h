#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace ballast {

/// Ranks from 1 to n, ties sharing the mean of theirs.
std::vector<double> ranks(std::span<const double> x);

/// Kendall's tau-b (1945) of two samples of the same length, in O(n log n) after Knight (1966), "A computer method for
/// calculating Kendall's tau with ungrouped data", JASA 61. 0 where one of them has no variation.
double kendall_tau(std::span<const double> x, std::span<const double> y);

/// sin(pi tau / 2) of each pair of columns: the correlation matrix of any elliptical copula (Lindskog, McNeil & Schmock
/// 2003), which need not be positive definite.
Eigen::MatrixXd kendall_correlation(const Eigen::MatrixXd& x);

}  // namespace ballast
