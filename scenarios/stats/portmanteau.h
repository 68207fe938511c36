#pragma once

#include <Eigen/Core>

namespace ballast {

/// A test that a series has no autocorrelation.
struct Portmanteau {
  double statistic = 0.0;  ///< chi-square with `lags` degrees of freedom under independence
  double p_value = 1.0;
};

/// Ljung & Box (1978), "On a measure of lack of fit in time series models", Biometrika 65: n (n + 2) sum over k of
/// r_k^2 / (n - k). On squares it tests for volatility clustering (McLeod & Li 1983).
Portmanteau ljung_box(const Eigen::VectorXd& x, int lags);

}  // namespace ballast
