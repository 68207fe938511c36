#include "scenarios/base/lane_math.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/lanes.h"
#include "tests/isa_levels.h"

using namespace ballast;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Distance of y from the exact value, in units of the last place of that value.
double ulps(double y, long double exact) {
  const double rounded = static_cast<double>(exact);
  const double step = std::nextafter(std::fabs(rounded), kInfinity) - std::fabs(rounded);
  return static_cast<double>(std::fabs((static_cast<long double>(y) - exact) / step));
}

// A small generator for test points, unrelated to the library's.
struct Points {
  std::uint64_t state = 88172645463325252ull;
  double operator()(double low, double high) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (high - low) * static_cast<double>(state >> 11) * 0x1p-53;
  }
};

}  // namespace

TEST_CASE("exp, expm1 and log are within 1.5, 3 and 1 units of the last place") {
  test::on_each_isa([] {
    Points point;
    std::vector<double> x, y(1);
    for (int i = 0; i < 200'000; ++i) {
      x.push_back(point(-700.0, 700.0));
      x.push_back(point(-1.0, 1.0));
      x.push_back(point(-0.01, 0.01));
    }
    for (double edge : {-708.0, 709.0, 0.0, 0x1p-60, -0x1p-60, 0.34657359027997264, -0.34657359027997264})
      x.push_back(edge);
    y.resize(x.size());
    double worst[3] = {};
    exp_lanes(x.data(), y.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      worst[0] = std::max(worst[0], ulps(y[i], std::exp(static_cast<long double>(x[i]))));
    expm1_lanes(x.data(), y.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      worst[1] = std::max(worst[1], ulps(y[i], std::expm1(static_cast<long double>(x[i]))));
    }
    for (double& v : x) v = std::fabs(v);
    for (int i = 0; i < 100'000; ++i) {
      x.push_back(point(0.5, 2.0));
      x.push_back(std::ldexp(point(1.0, 2.0), static_cast<int>(point(-1070.0, 1023.0))));
    }
    for (double edge : {0x1p-1074, 0x1p-1022, std::numeric_limits<double>::max(), 1.0, std::sqrt(0.5)})
      x.push_back(edge);
    y.resize(x.size());
    log_lanes(x.data(), y.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i] > 0) worst[2] = std::max(worst[2], ulps(y[i], std::log(static_cast<long double>(x[i]))));
    }
    MESSAGE("largest error in ulp: exp " << worst[0] << ", expm1 " << worst[1] << ", log " << worst[2]);
    CHECK(worst[0] < 1.5);
    CHECK(worst[1] < 3.0);
    CHECK(worst[2] < 1.0);
  });
}

TEST_CASE("exp, expm1 and log at the ends, and of what is not a number") {
  const double nan = std::nan("");
  test::on_each_isa([&] {
    // In all lanes of a vector and in the remainder.
    const std::vector<double> x = {-kInfinity, -1e300, -709.0, 709.5, 1e300, kInfinity, nan, 0.0, nan, -kInfinity, 1.0};
    std::vector<double> y(x.size());
    exp_lanes(x.data(), y.data(), x.size());
    for (std::size_t i : {0u, 1u, 2u, 9u}) CHECK(y[i] == 0.0);
    for (std::size_t i : {3u, 4u, 5u}) CHECK(y[i] == kInfinity);
    CHECK(std::isnan(y[6]));
    CHECK(std::isnan(y[8]));
    CHECK(y[7] == 1.0);
    expm1_lanes(x.data(), y.data(), x.size());
    CHECK(y[0] == -1.0);
    CHECK(y[5] == kInfinity);
    CHECK(y[7] == 0.0);
    CHECK(std::isnan(y[8]));
    const std::vector<double> l = {0.0, -0.0, -1.0, kInfinity, nan, 1.0, -kInfinity, 0.0, nan};
    log_lanes(l.data(), y.data(), l.size());
    CHECK(y[0] == -kInfinity);
    CHECK(y[1] == -kInfinity);
    CHECK(std::isnan(y[2]));
    CHECK(y[3] == kInfinity);
    CHECK(std::isnan(y[4]));
    CHECK(y[5] == 0.0);
    CHECK(std::isnan(y[6]));
    CHECK(std::isnan(y[8]));
  });
}

TEST_CASE("exp does not decrease") {
  test::on_each_isa([] {
    std::vector<double> x, y;
    for (double start : {-5.0, -0.34657359027997264, -1e-9, 0.34657359027997264, 12.0}) {
      for (double v = start - 1e-13; v < start + 1e-13; v = std::nextafter(v, kInfinity)) {
        if (x.size() % 100'000 == 99'999) break;
        x.push_back(v);
      }
    }
    y.resize(x.size());
    exp_lanes(x.data(), y.data(), x.size());
    std::size_t falls = 0;
    for (std::size_t i = 1; i < x.size(); ++i) falls += x[i] > x[i - 1] && y[i] < y[i - 1];
    CHECK(falls == 0);
  });
}

TEST_CASE("triangular product is the plain fused sum, from 0 or from a mean, for any order and number of lanes") {
  test::on_each_isa([] {
    Points point;
    for (int n : {1, 2, 3, 5, 6, 7, 11, 12, 13, 23, 50, 255, 256, 257}) {
      for (std::size_t lanes : {16u, 48u, 128u}) {
        const auto size = static_cast<std::size_t>(n);
        std::vector<double> L(size * size);
        for (double& l : L) l = point(-1.0, 1.0);
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t j = i + 1; j < size; ++j) L[i * size + j] = std::nan("");  // must not be read
        }
        LaneArray z(size, lanes), x(size, lanes);
        for (std::size_t k = 0; k < size * lanes; ++k) z.data()[k] = point(-3.0, 3.0);
        triangular_product(L.data(), n, z.data(), x.data(), lanes);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t s = 0; s < lanes; ++s) {
            double sum = 0.0;
            for (std::size_t j = 0; j <= i; ++j) sum = std::fma(L[i * size + j], z(j, s), sum);
            wrong += x(i, s) != sum;
          }
        }
        CHECK(wrong == 0);
        std::vector<double> mean(size);
        for (double& m : mean) m = point(-1.0, 1.0);
        triangular_product(L.data(), mean.data(), n, z.data(), x.data(), lanes);
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t s = 0; s < lanes; ++s) {
            double sum = mean[i];
            for (std::size_t j = 0; j <= i; ++j) sum = std::fma(L[i * size + j], z(j, s), sum);
            wrong += x(i, s) != sum;
          }
        }
        CHECK(wrong == 0);
      }
    }
  });
}

TEST_CASE("gather rows of a table") {
  test::on_each_isa([] {
    constexpr std::size_t kTableRows = 37, kLanes = 48;
    for (std::size_t columns : {1, 3, 8, 13, 16, 50}) {
      CAPTURE(columns);
      RowTable table(kTableRows, columns);
      for (std::size_t r = 0; r < kTableRows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) table(r, c) = double(r) + double(c) / 64;
      }
      std::vector<std::uint32_t> row(kLanes);
      for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] = std::uint32_t((lane * 7 + 3) % kTableRows);
      std::vector<double> out(columns * kLanes + 1, -1.0);
      table.gather(row.data(), out.data(), kLanes);
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          CHECK(out[c * kLanes + lane] == double(row[lane]) + double(c) / 64);
        }
      }
      CHECK(out.back() == -1.0);
    }
  });
}
