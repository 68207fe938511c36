#include "scenarios/random/monotone_map.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "scenarios/base/isa.h"
#include "scenarios/base/lanes.h"

namespace ballast {

BALLAST_KERNELS(void monotone_map_array(const double*, std::size_t, int, double, double, const double*, double*,
                                        std::size_t);)

MonotoneMap::MonotoneMap(const std::function<double(double)>& f, double lowest, double highest, int pieces_per_octave)
    : lowest_(lowest), highest_(highest) {
  bits_ = int(std::lround(std::log2(pieces_per_octave)));
  const double reach = std::max(-lowest, highest);
  auto knot = [&](std::size_t piece) {  // 1 + |y|
    return std::ldexp(1.0 + double(piece % (1u << bits_)) / double(1u << bits_), int(piece >> bits_));
  };
  while (knot(pieces_) - 1.0 <= reach) ++pieces_;

  auto value = [&](double y) { return f(std::clamp(y, lowest, highest)); };
  for (double side : {1.0, -1.0}) {
    for (std::size_t piece = 0; piece < pieces_; ++piece) {
      // In t, the distance from the piece's end nearer to 0, on the side's own axis.
      const double a = knot(piece) - 1.0, b = knot(piece + 1) - 1.0, h = b - a;
      const double fa = value(side * a), fb = value(side * b), secant = (fb - fa) / h;
      auto slope = [&](double at) {
        const double d = 1e-4 * h;
        // Slopes belong to the function inside the limits; at the very limit they are one-sided.
        double y = std::clamp(side * at, lowest + d, highest - d);
        double s = side * (f(y + d) - f(y - d)) / (2 * d);
        if (secant == 0.0 || s * secant < 0.0) return 0.0;
        return std::abs(s) > 3 * std::abs(secant) ? 3 * secant : s;
      };
      const double sa = slope(a), sb = slope(b);
      coefficients_.push_back(fa);
      coefficients_.push_back(sa);
      coefficients_.push_back((3 * secant - 2 * sa - sb) / h);
      coefficients_.push_back((sa + sb - 2 * secant) / (h * h));
    }
  }
}

void MonotoneMap::map(const double* y, double* x, std::size_t n) const {
  BALLAST_DISPATCH(monotone_map_array)(coefficients_.data(), pieces_, bits_, lowest_, highest_, y, x, n);
}

double MonotoneMap::operator()(double y) const {
  double in[kLaneGroup] = {y}, out[kLaneGroup];
  map(in, out, kLaneGroup);
  return out[0];
}

void MonotoneMap::shift(double c) {
  for (std::size_t k = 0; k < coefficients_.size(); k += 4) coefficients_[k] += c;
}

}  // namespace ballast
