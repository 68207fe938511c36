#include "scenarios/models/short_rate_formulas.h"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "scenarios/models/gaussian_factors.h"

using namespace ballast;

// Zero-coupon prices and the option below: closed forms (Vasicek 1977; Cox, Ingersoll & Ross 1985; Hull & White 1990),
// cross-checked against QuantLib 1.29.

TEST_CASE("Vasicek and CIR zero-coupon prices are the published ones") {
  const double years[] = {1, 5, 10, 30};
  const double vasicek[2][4] = {{0.935591823311, 0.686027543267, 0.460155726152, 0.093029933048},
                                {0.989633316663, 0.944118166189, 0.88581078463, 0.682989500959}};
  const double cir[2][4] = {{0.947503053857, 0.731755780942, 0.514277221058, 0.122202611804},
                            {0.950729464416, 0.82165641627, 0.723687625316, 0.442713505787}};  // Feller is violated
  for (int i = 0; i < 4; ++i) {
    CHECK(std::abs(vasicek_zero_coupon(0.86, 0.08, 0.01, 0.06, years[i]) - vasicek[0][i]) < 1e-11);
    CHECK(std::abs(vasicek_zero_coupon(0.136, 0.0168, 0.0119, 0.01, years[i]) - vasicek[1][i]) < 1e-11);
    CHECK(std::abs(cir_zero_coupon(0.3, 0.08, 0.15, 0.05, years[i]) - cir[0][i]) < 1e-11);
    CHECK(std::abs(cir_zero_coupon(0.1, 0.1, 0.5, 0.05, years[i]) - cir[1][i]) < 1e-11);
  }
  CHECK(vasicek_zero_coupon(0.1, 0.05, 0.01, 0.03, 0) == 1.0);
  CHECK(cir_zero_coupon(0.1, 0.05, 0.1, 0.03, 0) == doctest::Approx(1.0));
  CHECK(cir_zero_coupon(0.5, 0.05, 0.1, 0.03, 2000) > 0);  // no overflow
  CHECK_THROWS_AS(cir_zero_coupon(0.1, 0.05, 0.1, -0.01, 1), std::invalid_argument);
}

TEST_CASE("the Hull-White option on a zero-coupon bond is the published one, and calls and puts agree") {
  double p1 = std::exp(-0.1 * 1), p5 = std::exp(-0.1 * 5);
  double call = hull_white_zero_coupon_option(0.08, 0.01, p1, p5, 1, 5, 0.68, true);
  CHECK(std::abs(call - 0.0043894956) < 1e-10);
  double put = hull_white_zero_coupon_option(0.08, 0.01, p1, p5, 1, 5, 0.68, false);
  CHECK(std::abs(call - put - (p5 - 0.68 * p1)) < 1e-15);
  CHECK(hull_white_zero_coupon_option(0.08, 0.01, p1, p5, 0, 5, 0.3, true) == doctest::Approx(p5 - 0.3 * p1));
}

TEST_CASE("G2++ with one factor switched off, or both alike, is Hull-White") {
  double p1 = 0.97, p5 = 0.85;
  double one = hull_white_zero_coupon_option(0.1, 0.012, p1, p5, 1, 5, 0.88, true);
  CHECK(g2pp_zero_coupon_option(0.1, 0.012, 0.7, 0.0, 0.3, p1, p5, 1, 5, 0.88, true) ==
        doctest::Approx(one).epsilon(1e-12));
  CHECK(g2pp_zero_coupon_option(0.1, 0.006, 0.1, 0.006, 1.0, p1, p5, 1, 5, 0.88, true) ==
        doctest::Approx(one).epsilon(1e-12));
}

TEST_CASE("the variance of the integrated rate is what integrating covariances numerically gives") {
  GaussianFactors f{0.0, {0.4, 0.07}, {0.011, 0.008}, {0.4, 0.07}, {0.0, 0.0}, -0.6};
  double tau = 3.0, sum = 0.0;
  int n = 3000;
  for (int k = 0; k < n; ++k) {  // V = integral over u of (sum of sigma_i B_i(tau - u) dW_i)^2
    double left = tau - (k + 0.5) * tau / n, v1 = 0.011 * f.loading(0, left), v2 = 0.008 * f.loading(1, left);
    sum += (v1 * v1 + v2 * v2 + 2 * -0.6 * v1 * v2) * tau / n;
  }
  CHECK(f.integral_variance(tau) == doctest::Approx(sum).epsilon(1e-6));
  // The drift of the rolled numeraire is minus the covariance of the factor and the integral.
  double covariance = 0.0;
  for (int k = 0; k < n; ++k) {
    double left = tau - (k + 0.5) * tau / n;
    double integral1 = 0.011 * f.loading(0, left), integral2 = 0.008 * f.loading(1, left);
    covariance += 0.011 * std::exp(-0.4 * left) * (integral1 - 0.6 * integral2) * tau / n;
  }
  CHECK(f.risk_neutral(tau).drift[0] == doctest::Approx(-covariance).epsilon(1e-6));
}

TEST_CASE("a risk-neutral step makes every bond a martingale over the step's deposit, exactly") {
  GaussianFactors f{0.03, {0.4, 0.07}, {0.011, 0.008}, {0.5, 0.2}, {0.1, -0.1}, -0.6};
  std::vector<double> x = {0.01, -0.02};
  for (double dt : {1.0 / 12, 1.0, 5.0}) {
    FactorTransition step = f.risk_neutral(dt);
    for (double tau : {0.25, 10.0, 40.0}) {
      Eigen::Vector2d loading(f.loading(0, tau), f.loading(1, tau));
      std::vector<double> mean = {step.decay[0] * x[0] + step.drift[0], step.decay[1] * x[1] + step.drift[1]};
      double log_expected = f.log_discount(mean, tau) + loading.dot(step.covariance * loading) / 2;
      CHECK(log_expected == doctest::Approx(f.log_discount(x, dt + tau) - f.log_discount(x, dt)).epsilon(1e-12));
    }
  }
}
