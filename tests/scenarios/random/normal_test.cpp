#include "scenarios/random/normal.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/random/sequence.h"
#include "tests/isa_levels.h"

using namespace ballast;

namespace {

// Phi^-1 by Newton's method in long double, on erf in the centre and erfc in the tails, where each keeps relative
// accuracy.
long double slow_inverse_normal(double u) {
  const long double root2 = std::sqrt(2.0L);
  const long double density0 = 1.0L / std::sqrt(2.0L * std::acos(-1.0L));
  const long double q = static_cast<long double>(u) - 0.5L;
  const bool centre = std::fabs(q) < 0.4L;
  const long double p = q < 0 ? static_cast<long double>(u) : 1.0L - static_cast<long double>(u);
  long double x = centre ? std::fabs(q) / density0 : std::sqrt(-2.0L * std::log(p));
  for (int i = 0; i < 200; ++i) {
    const long double density = density0 * std::exp(-x * x / 2);
    const long double step =
        centre ? (0.5L * std::erf(x / root2) - std::fabs(q)) / density : (p - 0.5L * std::erfc(x / root2)) / density;
    // Newton on the convex side: damped while far away.
    x -= std::clamp(step, -0.5L, 0.5L);
    if (std::fabs(step) < 1e-19L * (x + 1e-30L)) break;
  }
  return q < 0 ? -x : x;
}

double relative_error(double u) {
  const long double exact = slow_inverse_normal(u);
  if (exact == 0.0L) return std::fabs(inverse_normal(u));
  return static_cast<double>(std::fabs((static_cast<long double>(inverse_normal(u)) - exact) / exact));
}

}  // namespace

TEST_CASE("inverse normal: published values") {
  CHECK(inverse_normal(0.5) == 0.0);
  CHECK(inverse_normal(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
  CHECK(inverse_normal(0.95) == doctest::Approx(1.6448536269514722).epsilon(1e-15));
  CHECK(inverse_normal(0.99) == doctest::Approx(2.3263478740408408).epsilon(1e-15));
  // Wichura (1988), section "Tests": PPND16(0.25), (0.001), (1e-20).
  CHECK(inverse_normal(0.25) == doctest::Approx(-0.6744897501960817).epsilon(1e-15));
  CHECK(inverse_normal(0.001) == doctest::Approx(-3.090232306167814).epsilon(1e-15));
  CHECK(inverse_normal(1e-20) == doctest::Approx(-9.262340089798408).epsilon(1e-15));
}

TEST_CASE("inverse normal against Newton's method in long double") {
  double worst = 0.0;
  for (int e = 2; e <= 53; ++e) {
    for (double m : {1.0, 1.1, 1.37, 1.9}) {
      const double u = std::ldexp(m, -e);
      worst = std::max({worst, relative_error(u), relative_error(1.0 - u)});
    }
  }
  // Around the joints of the three formulas.
  for (double joint : {0.075, 0.925, std::exp(-25.0), 0.5}) {
    for (double shift : {-1e-9, -1e-13, 1e-13, 1e-9}) worst = std::max(worst, relative_error(joint * (1.0 + shift)));
  }
  const PcgSequence sequence(5, Sequence::calibrate);
  for (std::uint64_t k = 0; k < 20000; ++k) worst = std::max(worst, relative_error(sequence.uniform(k)));
  MESSAGE("largest relative error " << worst);
  CHECK(worst < 1e-15);
}

TEST_CASE("inverse normal: odd about one half, ends and outside") {
  const PcgSequence sequence(6, Sequence::calibrate);
  for (std::uint64_t k = 0; k < 1000; ++k) {
    const double u = sequence.uniform(k);
    CHECK(inverse_normal(u) == -inverse_normal(1.0 - u));
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(inverse_normal(0.0) == -infinity);
  CHECK(inverse_normal(1.0) == infinity);
  CHECK(std::isnan(inverse_normal(-0.1)));
  CHECK(std::isnan(inverse_normal(1.1)));
  CHECK(std::isnan(inverse_normal(std::nan(""))));
  CHECK(std::isfinite(inverse_normal(0x1p-53)));
  CHECK(std::isfinite(inverse_normal(1.0 - 0x1p-53)));
}

TEST_CASE("the array kernel has the scalar's bits, at any length, with rare tails") {
  const PcgSequence sequence(8, Sequence::calibrate);
  std::vector<double> u(1500);
  for (std::size_t i = 0; i < u.size(); ++i) {
    u[i] = sequence.uniform(i);
    if (i % 97 == 0) u[i] = std::ldexp(u[i], -20 - static_cast<int>(i % 33));  // far tails
    if (i % 89 == 0) u[i] = 1.0 - 0x1p-53 * static_cast<double>(1 + i);
  }
  test::on_each_isa([&] {
    for (std::size_t n : {1u, 3u, 4u, 7u, 8u, 255u, 256u, 257u, 512u, 1499u}) {
      std::vector<double> z(n + 1, -77.0);
      inverse_normal_lanes(u.data(), z.data(), n);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < n; ++i) wrong += z[i] != inverse_normal(u[i]);
      CHECK(wrong == 0);
      CHECK(z[n] == -77.0);
      std::vector<double> in_place(u.begin(), u.begin() + static_cast<std::ptrdiff_t>(n));
      inverse_normal_lanes(in_place.data(), in_place.data(), n);
      CHECK(std::memcmp(in_place.data(), z.data(), n * sizeof(double)) == 0);
    }
  });
}

TEST_CASE("normal_cdf undoes inverse_normal") {
  for (double u : {1e-12, 1e-3, 0.2, 0.5, 0.8, 0.999})
    CHECK(normal_cdf(inverse_normal(u)) == doctest::Approx(u).epsilon(1e-13));
}
