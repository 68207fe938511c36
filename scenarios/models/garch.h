#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/models/filtered_historical_parameters.h"

namespace ballast {

/// A conditional variance fitted to one series, or given, and what it makes of the series.
struct Garch {
  GarchCoefficients coefficients;
  std::optional<GarchCoefficients> standard_error;  ///< sandwich (Bollerslev & Wooldridge 1992); none if given
  std::optional<double> dof, dof_standard_error;    ///< of the t likelihood
  double gain = 0.0;                                ///< log-likelihood over that of a constant variance
  bool constant = false;                            ///< no significant dynamics: alpha = gamma = beta = 0
  double downside = 0.5;                            ///< share of the residuals' squares that is negative ones'
  Eigen::VectorXd variance;                         ///< h[0..T]: the last one follows the history
  Eigen::VectorXd residual;                         ///< z[0..T-1] = (x - mean) / sqrt(h), of mean 0 and mean square 1

  double persistence() const { return coefficients.alpha + coefficients.gamma * downside + coefficients.beta; }
  double long_run_variance() const { return coefficients.omega / (1 - persistence()); }
};

/// Maximum likelihood of GARCH(1,1) (Bollerslev 1986) or GJR (Glosten, Jagannathan & Runkle 1993), from four starts;
/// h[0] follows the residuals' mean square (Fiorentini, Calzolari & Panattoni 1996); persistence, alpha + gamma x
/// downside + beta, is held to 0.9995. Where the likelihood does not gain significantly over a constant variance
/// (likelihood ratio, 5%: without dynamics persistence is not identified), the variance is constant. Throws
/// NoSolutionError where the likelihood does not converge. name: for messages.
Garch fit_garch(const Eigen::VectorXd& x, VarianceModel model, GarchLikelihood likelihood, const std::string& name);

/// Variances and residuals under given coefficients. Residuals are brought to mean 0 and mean square 1, as those of the
/// right coefficients are.
Garch filter_garch(const Eigen::VectorXd& x, const GarchCoefficients& coefficients);

}  // namespace ballast
