#pragma once

#include <Eigen/Core>

namespace ballast {

/// A t copula fitted to a history's ranks.
struct CopulaFit {
  Eigen::MatrixXd correlation;
  double largest_repair = 0.0;  ///< the most that a correlation was changed to make the matrix positive definite
  double dof = 0.0, dof_standard_error = 0.0;  ///< t copulas; the error is NaN at the bound of 100 (nearly Gaussian)
  double gain = 0.0;                           ///< log-likelihood of the t over that of the Gaussian copula
};

/// Correlations from Kendall's tau (sin(pi tau / 2)), moved to the nearest positive definite correlation matrix where
/// they are not one (McNeil, Frey & Embrechts 2005, algorithm 5.55).
CopulaFit fit_correlation(const Eigen::MatrixXd& rows);

/// Adds the degrees of freedom by maximum likelihood on pseudo-observations rank / (n + 1), correlations held fixed
/// (Demarta & McNeil 2005, section 5.2; Mashal & Zeevi 2002).
void fit_dof(const Eigen::MatrixXd& rows, CopulaFit& fit);

}  // namespace ballast
