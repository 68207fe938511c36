#pragma once

#include <span>

#include <Eigen/Core>

namespace ballast {

// Sample moments, computed in two passes and in the order of the observations. A moment that the sample does not define
// (too few observations, no variation) is NaN. Weighted versions take one probability an observation, of the same
// length; they need not sum to one exactly (the sum is divided out), and an empty span means equal probabilities.

double mean(std::span<const double> x);
/// Unbiased, divisor n - 1.
double variance(std::span<const double> x);
double standard_deviation(std::span<const double> x);
/// m3 / m2^(3/2) of the central sample moments, divisor n (0 for a normal).
double skewness(std::span<const double> x);
/// m4 / m2^2 - 3, divisor n (0 for a normal).
double excess_kurtosis(std::span<const double> x);

double mean(std::span<const double> x, std::span<const double> probability);
/// Of the discrete distribution itself: divisor 1, no correction for a sample (with an empty span: divisor n).
double variance(std::span<const double> x, std::span<const double> probability);
double standard_deviation(std::span<const double> x, std::span<const double> probability);
double skewness(std::span<const double> x, std::span<const double> probability);
double excess_kurtosis(std::span<const double> x, std::span<const double> probability);

/// Kish's (1965) effective number of equally probable observations: (sum p)^2 / sum p^2.
double effective_sample_size(std::span<const double> probability);

// x: one row an observation, one column a variable.

Eigen::VectorXd column_means(const Eigen::MatrixXd& x);
/// Unbiased, divisor n - 1.
Eigen::MatrixXd covariance(const Eigen::MatrixXd& x);
/// Of the discrete distribution itself, divisor 1.
Eigen::MatrixXd covariance(const Eigen::MatrixXd& x, std::span<const double> probability);
/// From a covariance matrix; a variable without variance has correlation 0 with the others, 1 with itself.
Eigen::MatrixXd correlation(const Eigen::MatrixXd& covariance);

}  // namespace ballast
