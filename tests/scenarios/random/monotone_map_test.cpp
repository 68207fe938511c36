#include "scenarios/random/monotone_map.h"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/random/normal.h"
#include "tests/isa_levels.h"

using namespace ballast;

namespace {

double worst_relative_error(const MonotoneMap& map, double (*f)(double), double from, double to) {
  double worst = 0.0;
  for (double y = from; y <= to; y += (to - from) / 9973) worst = std::max(worst, std::abs(map(y) / f(y) - 1));
  return worst;
}

double falling(double y) { return std::exp(-y); }
double uneven(double y) { return 3 + std::sinh(y) + 0.5 * std::tanh(4 * y); }

}  // namespace

TEST_CASE("a monotone map is within its stated error of the function, rising or falling") {
  const MonotoneMap down(falling, -8, 8);
  CHECK(worst_relative_error(down, falling, -3, 3) < 1e-8);
  CHECK(worst_relative_error(down, falling, -8, 8) < 1e-6);
  const MonotoneMap up([](double y) { return 1e-3 * std::cbrt(y) + normal_cdf(y); }, -6, 6);
  for (double y : {-5.9, -2.0, -0.3, 0.3, 0.77, 2.0, 5.9}) {
    CHECK(up(y) == doctest::Approx(1e-3 * std::cbrt(y) + normal_cdf(y)).epsilon(1e-6));
  }
}

TEST_CASE("it is monotone also where the function has corners, and constant beyond its limits") {
  auto stairs = [](double y) { return std::floor(3 * y) + 0.01 * y; };
  const MonotoneMap map(stairs, -4, 5);
  double before = map(-10);
  CHECK(before == stairs(-4));
  for (double y = -10; y < 10; y += 0.00037) {
    const double now = map(y);
    REQUIRE(now >= before);
    before = now;
  }
  CHECK(map(5) == map(1e9));
  MonotoneMap shifted = map;
  shifted.shift(2.5);
  CHECK(shifted(0.4) == doctest::Approx(map(0.4) + 2.5).epsilon(1e-15));
}

TEST_CASE("lanes give the bits of single values, with every instruction set, in place too") {
  const MonotoneMap map(uneven, -5, 5);
  std::vector<double> y(1040), x(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = -6 + 12 * double(i) / double(y.size() - 1);
  map.map(y.data(), x.data(), y.size());
  for (std::size_t i = 0; i < y.size(); ++i) REQUIRE(x[i] == map(y[i]));
  test::on_each_isa([&] {
    std::vector<double> in_place = y;
    map.map(in_place.data(), in_place.data(), in_place.size());
    CHECK(in_place == x);
  });
}
