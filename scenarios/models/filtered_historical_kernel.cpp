#include <cstddef>

#include "scenarios/base/simd_math.h"

namespace ballast::BALLAST_ISA {

/// One step of one column: z becomes x = mean + e, e = sqrt(h) z, and h the variance of the next step.
void garch_step_array(double mean, double omega, double alpha, double gamma, double beta, double* z, double* h,
                      std::size_t lanes) {
#pragma GCC ivdep
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double e = __builtin_sqrt(h[lane]) * z[lane];
    const double weight = alpha + (e < 0.0 ? gamma : 0.0);
    h[lane] = fused(beta, h[lane], fused(weight, e * e, omega));
    z[lane] = mean + e;
  }
}

}  // namespace ballast::BALLAST_ISA
