#pragma once

#include <span>

#include "scenarios/models/affine_curve.h"
#include "scenarios/models/estimated_parameters.h"
#include "scenarios/models/gaussian_factors.h"

namespace ballast {

/// The yield curve of Gaussian factors (gaussian_factors.h). Innovations are standard normal shocks, one a factor: of
/// the history, the changes of the factors that fit each of its curves best, less what reversion explains, made
/// uncorrelated and of variance 1. Under the normal model of innovations the transition is then exact, whatever the
/// step.
class GaussianCurve : public AffineCurve {
 public:
  /// state: x at the valuation date. table: of the fit.
  GaussianCurve(const CurveSetting& setting, GaussianFactors factors, InitialCurve joined, std::optional<double> floor,
                const std::vector<double>& state, FitTable table);

  std::vector<FitTable> fit_tables() const override { return {table_}; }

 private:
  double constant(double tau) const override;
  double loading(std::size_t k, double tau) const override { return factors_.loading(k, tau); }
  void advance(const LaneArray& innovations, std::size_t first, LaneArray& x) const override;

  GaussianFactors factors_;
  FitTable table_;
  FactorTransition transition_;
  Eigen::MatrixXd shock_;  ///< lower factor of the step's covariance
};

/// Log density of each row of the history's zero rates given those before, all tenors seen with independent errors of
/// this standard deviation, under the real-world measure: the Kalman filter of Babbs & Nowman (1999), factors starting
/// from their stationary distribution. False where the factors are not admissible.
bool panel_log_densities(const GaussianFactors& factors, const CurveSetting& setting, double measurement_sd,
                         std::span<double> log_density);

/// The factors that fit each row of zero rates best, by least squares over the tenors: rows x factors.
Eigen::MatrixXd fitted_factors(const GaussianFactors& factors, const Eigen::MatrixXd& zero_rates,
                               const std::vector<double>& tenors);

/// The factors that fit the curve at the valuation date best.
std::vector<double> factors_now(const GaussianFactors& factors, const CurveSetting& setting);

/// Residual rows made uncorrelated, with mean 0 and variance 1 (divisor rows - 1). Throws key_error on
/// market.curve_history when they do not vary independently.
Eigen::MatrixXd standardised(const Eigen::MatrixXd& residuals);

/// Where searches begin: the short rate's volatility a year in the history, from the shortest tenor, and the mean of
/// the longest tenor's rate. Without a history nothing is searched, and they are 1% and the initial curve's last rate.
double short_rate_volatility(const CurveSetting& setting);
double long_rate_mean(const CurveSetting& setting);

/// Whether the real-world drift is nobody's concern: scenarios are risk-neutral, and no history is filtered.
inline bool needs_no_real_world(const CurveSetting& setting) {
  return !setting.has_history() && setting.measure == Measure::risk_neutral;
}

}  // namespace ballast
