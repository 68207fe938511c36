#pragma once

// Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37, 477-484:
// PPND16, about 1 part in 10^16, in the polynomial's own order (highest coefficient first, Horner, fused).

#include "scenarios/base/simd_math.h"

namespace ballast {

/// |q| <= 0.425, q = u - 1/2.
BALLAST_INLINE double as241_centre(double q) {
  const double r = fused(-q, q, 0.180625);
  double a = 2509.0809287301226727;
  a = fused(a, r, 33430.575583588128105);
  a = fused(a, r, 67265.770927008700853);
  a = fused(a, r, 45921.953931549871457);
  a = fused(a, r, 13731.693765509461125);
  a = fused(a, r, 1971.5909503065514427);
  a = fused(a, r, 133.14166789178437745);
  a = fused(a, r, 3.387132872796366608);
  double b = 5226.495278852545925;
  b = fused(b, r, 28729.085735721942674);
  b = fused(b, r, 39307.89580009271061);
  b = fused(b, r, 21213.794301586595867);
  b = fused(b, r, 5394.1960214247511077);
  b = fused(b, r, 687.1870074920579083);
  b = fused(b, r, 42.313330701600911252);
  b = fused(b, r, 1.0);
  return q * a / b;
}

/// sqrt(-ln min(u, 1 - u)), the argument of both tail formulas; u in [2^-1022, 1).
BALLAST_INLINE double as241_root(double u) { return __builtin_sqrt(-log_normal_positive(u < 0.5 ? u : 1.0 - u)); }

/// The tail formula for root <= 5, that is min(u, 1 - u) >= e^-25, as a positive number.
BALLAST_INLINE double as241_near_tail(double root) {
  const double r = root - 1.6;
  double a = 7.7454501427834140764e-4;
  a = fused(a, r, 0.0227238449892691845833);
  a = fused(a, r, 0.24178072517745061177);
  a = fused(a, r, 1.27045825245236838258);
  a = fused(a, r, 3.64784832476320460504);
  a = fused(a, r, 5.7694972214606914055);
  a = fused(a, r, 4.6303378461565452959);
  a = fused(a, r, 1.42343711074968357734);
  double b = 1.05075007164441684324e-9;
  b = fused(b, r, 5.475938084995344946e-4);
  b = fused(b, r, 0.0151986665636164571966);
  b = fused(b, r, 0.14810397642748007459);
  b = fused(b, r, 0.68976733498510000455);
  b = fused(b, r, 1.6763848301838038494);
  b = fused(b, r, 2.05319162663775882187);
  b = fused(b, r, 1.0);
  return a / b;
}

/// The tail formula for root > 5: about 3 draws in 10^11.
BALLAST_INLINE double as241_far_tail(double root) {
  const double r = root - 5.0;
  double a = 2.01033439929228813265e-7;
  a = fused(a, r, 2.71155556874348757815e-5);
  a = fused(a, r, 0.0012426609473880784386);
  a = fused(a, r, 0.026532189526576123093);
  a = fused(a, r, 0.29656057182850489123);
  a = fused(a, r, 1.7848265399172913358);
  a = fused(a, r, 5.4637849111641143699);
  a = fused(a, r, 6.6579046435011037772);
  double b = 2.04426310338993978564e-15;
  b = fused(b, r, 1.4215117583164458887e-7);
  b = fused(b, r, 1.8463183175100546818e-5);
  b = fused(b, r, 7.868691311456132591e-4);
  b = fused(b, r, 0.0148753612908506148525);
  b = fused(b, r, 0.13692988092273580531);
  b = fused(b, r, 0.59983220655588793769);
  b = fused(b, r, 1.0);
  return a / b;
}

}  // namespace ballast
