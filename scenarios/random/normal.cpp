#include "scenarios/random/normal.h"

#include <cmath>
#include <limits>

#include "scenarios/base/isa.h"
#include "scenarios/random/as241.h"

namespace ballast {

BALLAST_KERNELS(void inverse_normal_array(const double*, double*, std::size_t);)

double inverse_normal(double u) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!(u >= 0.0 && u <= 1.0)) return std::numeric_limits<double>::quiet_NaN();
  if (u < std::numeric_limits<double>::min()) return -infinity;
  if (u == 1.0) return infinity;
  const double q = u - 0.5;
  if (std::fabs(q) <= 0.425) return as241_centre(q);
  const double root = as241_root(u);
  return std::copysign(root <= 5.0 ? as241_near_tail(root) : as241_far_tail(root), q);
}

void inverse_normal_lanes(const double* u, double* z, std::size_t n) {
  BALLAST_DISPATCH(inverse_normal_array)(u, z, n);
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace ballast
