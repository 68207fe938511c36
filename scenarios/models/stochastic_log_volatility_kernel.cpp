#include <cstddef>

#include "scenarios/base/simd_math.h"
#include "scenarios/models/stochastic_log_volatility.h"

namespace ballast::BALLAST_ISA {

void log_volatility_step_array(const LogVolatilityStep* step, double* v, const double* z_v, double* z,
                               std::size_t lanes) {
  const LogVolatilityStep p = *step;
#pragma GCC ivdep
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double reverted = fused(p.keep, v[lane], p.pull);
    const double capped = reverted > p.highest_before ? p.highest_before : reverted;
    const double shock = fused(p.rho, z[lane], p.rest * z_v[lane]);
    const double moved = fused(p.sigma_v, shock, capped);
    const double below = moved > p.highest ? p.highest : moved;
    v[lane] = below < p.lowest ? p.lowest : below;
    const double sigma = simd_exp(v[lane]);
    const double drift = fused(sigma, fused(sigma, p.c, p.b), p.a);
    z[lane] = fused(p.root_step * sigma, z[lane], drift);
  }
}

}  // namespace ballast::BALLAST_ISA
