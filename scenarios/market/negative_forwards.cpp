#include "scenarios/market/negative_forwards.h"

#include <algorithm>

#include <fmt/format.h>

namespace ballast {

std::string negative_forwards(const YieldCurve& curve) {
  if (curve.empty()) return "";
  double first = 0.0, last = 0.0, lowest = 0.0;
  for (int month = 1; month <= int(12 * curve.tenors().back()); ++month) {
    double t = month / 12.0, forward = curve.forward_rate(t);
    if (forward >= 0) continue;
    if (first == 0) first = t;
    last = t;
    lowest = std::min(lowest, forward);
  }
  if (first == 0) return "";
  return fmt::format("the forward rate is negative from {:.3g} to {:.3g} years, the lowest {:.4f}", first, last,
                     lowest);
}

}  // namespace ballast
