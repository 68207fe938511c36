#include "scenarios/random/noncentral_chi_square.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <doctest/doctest.h>

using namespace ballast;

namespace {

struct MapErrors {
  double mean = 0.0, variance = 0.0, laplace = 0.0;  ///< the first two relative
};

/// Moments of the map by quadrature over z, against the distribution's own.
MapErrors errors_of(const NoncentralChiSquare& map, double s) {
  double d = map.degrees(), mean = d + s * s, variance = 2 * (d + 2 * s * s), theta = 0.5, h = 1.0 / 128;
  double m = 0.0, v = 0.0, l = 0.0;
  for (double z = -8.5 + h / 2; z < 8.5; z += h) {
    double q;
    map.root_quantiles(&z, &s, &q, 1);
    q *= q;
    double p = h * std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    m += p * q;
    v += p * (q - mean) * (q - mean);
    l += p * std::exp(-theta * q);
  }
  double laplace = std::pow(1 + 2 * theta, -d / 2) * std::exp(-s * s * theta / (1 + 2 * theta));
  return {std::abs(m / mean - 1), std::abs(v / variance - 1), std::abs(l - laplace)};
}

}  // namespace

TEST_CASE("the map has the mean, variance and Laplace transform of the distribution") {
  struct Case {
    double degrees, tolerance;
  };
  for (Case c : {Case{0.16, 1.5e-4}, Case{0.8, 1e-5}, Case{2.0, 2e-6}, Case{12.0, 1e-7}, Case{500.0, 1e-6}}) {
    NoncentralChiSquare map(c.degrees);
    for (double s : {0.0, 0.01, 0.6, 2.3, 7.0, 40.0, 900.0}) {
      MapErrors error = errors_of(map, s);
      CAPTURE(c.degrees);
      CAPTURE(s);
      CHECK(error.mean < c.tolerance / 4);
      CHECK(error.variance < c.tolerance);
      CHECK(error.laplace < c.tolerance / 4);
    }
  }
}

TEST_CASE("quantiles are Boost.Math's, and normal scores their inverse") {
  NoncentralChiSquare map(3.7);
  for (double s : {0.4, 1.7, 4.4, 11.0}) {
    boost::math::non_central_chi_squared distribution(3.7, s * s);
    for (double z = -6; z <= 6; z += 0.73) {
      double p = std::erfc(std::abs(z) / std::numbers::sqrt2) / 2;
      double wanted = std::sqrt(z < 0 ? quantile(distribution, p) : quantile(complement(distribution, p)));
      double root;
      map.root_quantiles(&z, &s, &root, 1);
      CHECK(std::abs(root - wanted) < 2e-6);
      CHECK(map.normal_score(root, s) == doctest::Approx(z).epsilon(1e-9));
    }
  }
}

TEST_CASE("degrees that the table does not take are refused") {
  CHECK_THROWS_AS(NoncentralChiSquare(0.01), std::invalid_argument);
  CHECK_THROWS_AS(NoncentralChiSquare(1e7), std::invalid_argument);
}
