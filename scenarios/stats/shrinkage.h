#pragma once

#include <Eigen/Core>

namespace ballast {

/// A shrunk covariance matrix and how far it was shrunk: 0 is the sample's, 1 is uncorrelated.
struct Shrinkage {
  Eigen::MatrixXd covariance;
  double intensity = 0.0;
};

/// Ledoit & Wolf (2004), "A well-conditioned estimator for large-dimensional covariance matrices", J. Multivariate
/// Analysis 88, section 3.2, applied to the *correlation* matrix: columns are standardised, their correlation matrix is
/// shrunk towards the identity by the optimal intensity (of Schaefer & Strimmer 2005, section 2.3: the diagonal, which
/// does not move, does not count; with heavy tails its noise would shrink all correlations to 0), and the sample
/// standard deviations (divisor n - 1) are put back. Asset returns and rate changes differ by orders of magnitude, and
/// shrinking their covariances towards one common variance would ruin the small ones; so variances are kept, and
/// rescaling a column changes nothing else. x: one row an observation, one column a variable; columns without variation
/// stay without. Positive definite as soon as all columns vary and the intensity is positive. Throws
/// std::invalid_argument for fewer than two rows.
Shrinkage ledoit_wolf_identity(const Eigen::MatrixXd& x);

}  // namespace ballast
