#include "scenarios/random/noncentral_chi_square.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/math/special_functions/bessel.hpp>

#include "scenarios/base/parallel.h"
#include "scenarios/random/normal.h"

namespace ballast {
namespace {

constexpr double kWidest = 8.5;  // z
constexpr int kPerUnit = 32;     // nodes of z in 1
constexpr int kZ = 2 * 272 + 1;  // 8.5 * 32 on either side of 0
constexpr double kScale = 8.0;   // t = s / (1 + s / kScale)
constexpr int kT = 8 * 24 + 1;   // the last node is s = infinity, where the function vanishes
constexpr double kTPerUnit = (kT - 1) / kScale;

using Policy =
    boost::math::policies::policy<boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;
using FastPolicy = boost::math::policies::normalise<Policy, boost::math::policies::promote_double<false>>::type;

/// ln(exp(-x) I_nu(x)), x > 0, nu > -1.
double log_scaled_bessel(double nu, double x) {
  if (nu > 60) {
    // Debye's uniform expansion (Abramowitz & Stegun 9.7.7, 9.3.9), x = nu y.
    double y = x / nu, root = std::sqrt(1 + y * y), p = 1 / root, p2 = p * p;
    double u1 = p * (3 - 5 * p2) / 24;
    double u2 = p2 * (81 - 462 * p2 + 385 * p2 * p2) / 1152;
    double u3 = p * p2 * (30375 - 369603 * p2 + 765765 * p2 * p2 - 425425 * p2 * p2 * p2) / 414720;
    // root - y without cancellation, and eta = root + ln(y / (1 + root)).
    double exponent = nu * (1 / (root + y) + std::log(y / (1 + root)));
    return exponent + std::log1p(u1 / nu + u2 / (nu * nu) + u3 / (nu * nu * nu)) -
           0.5 * std::log(2 * std::numbers::pi * nu * root);
  }
  if (x < 50 + nu * nu && x < 600) return std::log(boost::math::cyl_bessel_i(nu, x, FastPolicy())) - x;
  // Hankel's expansion (Abramowitz & Stegun 9.7.1), until its terms are below rounding.
  double mu = 4 * nu * nu, term = 1.0, sum = 1.0;
  for (int k = 1; k < 200; ++k) {
    double odd = 2 * k - 1, next = -term * (mu - odd * odd) / (k * 8 * x);
    if (k > nu && std::abs(next) >= std::abs(term)) break;
    term = next;
    sum += term;
    if (std::abs(term) < 1e-17 * std::abs(sum)) break;
  }
  return std::log(sum) - 0.5 * std::log(2 * std::numbers::pi * x);
}

/// ln of the density of the root of the distribution.
class RootDensity {
 public:
  RootDensity(double degrees, double s) : nu_(degrees / 2 - 1), s_(s) {
    log_central_ = (degrees / 2 - 1) * std::numbers::ln2 + std::lgamma(degrees / 2);
    degrees_ = degrees;
  }
  double log_density(double log_q) const {
    double q = std::exp(log_q), x = q * s_;
    if (x < 1e-8) {  // the first terms of the series in x
      return (degrees_ - 1) * log_q - (q * q + s_ * s_) / 2 - log_central_ + x * x / (2 * degrees_);
    }
    // q^(nu + 1) s^(-nu) exp(-(q^2 + s^2) / 2) I_nu(q s)
    return (nu_ + 1) * log_q - nu_ * std::log(s_) - (q - s_) * (q - s_) / 2 + log_scaled_bessel(nu_, x);
  }

 private:
  double degrees_, nu_, s_, log_central_;
};

double log_normal_density(double z) { return -z * z / 2 - 0.5 * std::log(2 * std::numbers::pi); }

/// One Runge-Kutta step of d ln q / dz = phi(z) / (q f(q)).
double next_log_root(const RootDensity& density, double log_q, double z, double step) {
  auto slope = [&](double at, double y) { return std::exp(log_normal_density(at) - y - density.log_density(y)); };
  double k1 = slope(z, log_q), k2 = slope(z + step / 2, log_q + step / 2 * k1);
  double k3 = slope(z + step / 2, log_q + step / 2 * k2), k4 = slope(z + step, log_q + step * k3);
  return log_q + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
}

/// The root's logarithm at z = -8.5 (sign -1) or 8.5 (sign 1): errors here die out inward, so it need not be sharp.
double log_root_in_tail(double degrees, double s, int sign) {
  double probability = normal_cdf(-kWidest);
  if (s > 60 || degrees > 500) {
    double mean = degrees + s * s;
    return std::log(std::sqrt(mean) + sign * kWidest * std::sqrt((degrees + 2 * s * s) / (2 * mean)));
  }
  if (sign < 0) {
    // F(q) = exp(-s^2 / 2) q^d / (2^(d/2) Gamma(d/2 + 1)) as q -> 0.
    double log_q =
        (std::log(probability) + s * s / 2 + degrees / 2 * std::numbers::ln2 + std::lgamma(degrees / 2 + 1)) / degrees;
    if (log_q < std::log(1e-3 / (1 + s))) return log_q;
  }
  if (s == 0) {
    boost::math::chi_squared_distribution<double, Policy> central(degrees);
    double x = sign < 0 ? quantile(central, probability) : quantile(complement(central, probability));
    return std::log(x) / 2;
  }
  boost::math::non_central_chi_squared_distribution<double, Policy> distribution(degrees, s * s);
  double x = sign < 0 ? quantile(distribution, probability) : quantile(complement(distribution, probability));
  return std::log(x) / 2;
}

/// Lagrange weights of the cubic through nodes -1, 0, 1, 2 at x in [0, 1].
void cubic_weights(double x, double* w) {
  w[0] = -x * (x - 1) * (x - 2) / 6;
  w[1] = (x + 1) * (x - 1) * (x - 2) / 2;
  w[2] = -(x + 1) * x * (x - 2) / 2;
  w[3] = (x + 1) * x * (x - 1) / 6;
}

}  // namespace

NoncentralChiSquare::NoncentralChiSquare(double degrees) : degrees_(degrees), table_(std::size_t(kT) * kZ, 0.0) {
  if (!(degrees >= 0.05 && degrees <= 1e4)) {
    throw std::invalid_argument("a non-central chi-square table takes 0.05 to 1e4 degrees of freedom");
  }
  parallel_for(std::size_t(kT - 1), [&](std::size_t i) {
    double t = double(i) / kTPerUnit, s = t / (1 - t / kScale), step = 1.0 / kPerUnit;
    RootDensity density(degrees_, s);
    double* row = table_.data() + i * kZ;
    for (int sign : {-1, 1}) {
      double log_q = log_root_in_tail(degrees_, s, sign);
      int k = sign < 0 ? 0 : kZ - 1, middle = kZ / 2;
      for (; k != middle; k -= sign) {
        double z = (k - middle) * step;
        row[k] = std::exp(log_q) - s - z;
        log_q = next_log_root(density, log_q, z, -sign * step);
      }
      row[middle] = std::exp(log_q) - s;
    }
  });
}

double NoncentralChiSquare::at(double z, double root_noncentrality) const {
  double s = root_noncentrality;
  z = std::clamp(z, -kWidest, kWidest);
  double t = s / (1 + s / kScale) * kTPerUnit, zz = (z + kWidest) * kPerUnit;
  int i = std::clamp(int(t), 1, kT - 3), k = std::clamp(int(zz), 1, kZ - 3);
  double wt[4], wz[4];
  cubic_weights(t - i, wt);
  cubic_weights(zz - k, wz);
  const double* g = table_.data() + std::size_t(i - 1) * kZ + std::size_t(k - 1);
  double sum = 0.0;
  for (int r = 0; r < 4; ++r, g += kZ) sum += wt[r] * (wz[0] * g[0] + wz[1] * g[1] + wz[2] * g[2] + wz[3] * g[3]);
  return std::max(0.0, sum + s + z);
}

void NoncentralChiSquare::root_quantiles(const double* z, const double* root_noncentrality, double* out,
                                         std::size_t n) const {
  for (std::size_t i = 0; i < n; ++i) out[i] = at(z[i], root_noncentrality[i]);
}

double NoncentralChiSquare::normal_score(double root, double root_noncentrality) const {
  double low = -kWidest, high = kWidest;
  for (int k = 0; k < 60; ++k) {
    double middle = (low + high) / 2;
    (at(middle, root_noncentrality) < root ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace ballast
