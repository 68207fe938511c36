#include "scenarios/models/short_rate_formulas.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "scenarios/models/gaussian_factors.h"
#include "scenarios/random/normal.h"

namespace ballast {
namespace {

void expect(bool condition, const char* message) {
  if (!condition) throw std::invalid_argument(message);
}

/// Black's formula for a bond whose log forward price has this standard deviation.
double black_option(double discount_t, double discount_s, double strike, double sd, bool call) {
  double sign = call ? 1.0 : -1.0;
  if (sd == 0) return std::max(0.0, sign * (discount_s - strike * discount_t));
  double h = std::log(discount_s / (discount_t * strike)) / sd + sd / 2;
  return sign * (discount_s * normal_cdf(sign * h) - strike * discount_t * normal_cdf(sign * (h - sd)));
}

void expect_option(double discount_t, double discount_s, double expiry, double maturity, double strike) {
  expect(discount_t > 0 && discount_s > 0, "discount factors must be positive");
  expect(expiry >= 0 && maturity >= expiry, "the bond must not mature before the option");
  expect(strike > 0, "the strike must be positive");
}

}  // namespace

double vasicek_zero_coupon(double a, double b, double sigma, double r, double tau) {
  expect(a > 0 && sigma >= 0 && tau >= 0, "Vasicek needs a > 0, sigma >= 0, tau >= 0");
  return std::exp(GaussianFactors{b, {a}, {sigma}, {a}, {0.0}, 0.0}.log_discount({r - b}, tau));
}

CirBond cir_bond(double a, double b, double sigma, double tau) {
  expect(a > 0 && b >= 0 && sigma > 0 && tau >= 0, "CIR needs a > 0, b >= 0, sigma > 0, tau >= 0");
  // Brigo & Mercurio (3.25) with numerator and denominator divided by exp(h tau), so that no term overflows.
  double h = std::sqrt(a * a + 2 * sigma * sigma), fall = -std::expm1(-h * tau);
  double denominator = 2 * h * (1 - fall) + (a + h) * fall;
  double log_a = std::log(2 * h / denominator) + (a - h) * tau / 2;
  return {-2 * a * b / (sigma * sigma) * log_a, 2 * fall / denominator};
}

double cir_zero_coupon(double a, double b, double sigma, double r, double tau) {
  expect(r >= 0, "CIR needs r >= 0");
  CirBond bond = cir_bond(a, b, sigma, tau);
  return std::exp(-bond.log_constant - bond.loading * r);
}

double hull_white_zero_coupon_option(double a, double sigma, double discount_t, double discount_s, double expiry,
                                     double maturity, double strike, bool call) {
  return g2pp_zero_coupon_option(a, sigma, a, 0.0, 0.0, discount_t, discount_s, expiry, maturity, strike, call);
}

double g2pp_zero_coupon_option(double a, double sigma, double b, double eta, double rho, double discount_t,
                               double discount_s, double expiry, double maturity, double strike, bool call) {
  expect_option(discount_t, discount_s, expiry, maturity, strike);
  expect(a > 0 && b > 0 && sigma >= 0 && eta >= 0 && std::abs(rho) <= 1,
         "G2++ needs a, b > 0, sigma, eta >= 0, |rho| <= 1");
  GaussianFactors factors{0.0, {a, b}, {sigma, eta}, {a, b}, {0.0, 0.0}, rho};
  Eigen::MatrixXd covariance = factors.covariance(factors.a, expiry);
  Eigen::Vector2d loading(factors.loading(0, maturity - expiry), factors.loading(1, maturity - expiry));
  double variance = std::max(0.0, loading.dot(covariance * loading));
  return black_option(discount_t, discount_s, strike, std::sqrt(variance), call);
}

}  // namespace ballast
