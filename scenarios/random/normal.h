#pragma once

#include <cstddef>

namespace ballast {

/// The standard normal quantile by Wichura's AS241, relative error about 1e-15. -inf at 0, +inf at 1, NaN outside [0,
/// 1]. Subnormal u count as zero.
double inverse_normal(double u);

/// z[i] = inverse_normal(u[i]), the same bits, for u strictly inside (0, 1) and normal. u may be z.
void inverse_normal_lanes(const double* u, double* z, std::size_t n);

/// P(Z <= x) of the standard normal.
double normal_cdf(double x);

}  // namespace ballast
