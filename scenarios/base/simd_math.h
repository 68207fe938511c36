#pragma once

// Elementwise mathematics for loops over lanes. Everything here is branch-free, made of IEEE operations that round the
// same at any vector width, so that a loop the compiler vectorises for v3 or v4, and a scalar call, give the same bits.
// Safe in *_kernel.cpp: always inlined, no templates, no standard library, hence no weak symbols.

#include <cstdint>

#define BALLAST_INLINE static inline __attribute__((always_inline))

namespace ballast {

/// a b + c, rounded once: an instruction, or where the instruction set has none a call of the C library's fma.
BALLAST_INLINE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }

BALLAST_INLINE std::uint64_t bits_of(double x) { return __builtin_bit_cast(std::uint64_t, x); }
BALLAST_INLINE double from_bits(std::uint64_t b) { return __builtin_bit_cast(double, b); }

/// x = k ln 2 + r with |r| <= 0.3466: returns e^r - 1 and sets scale = 2^k. For x in [-708, 709].
/// The polynomial is the minimax fit of (e^r - 1 - r) / r^2, relative error of e^r 1.3e-17; Cody & Waite (1980)
/// reduction.
BALLAST_INLINE double exp_minus_one_reduced(double x, double& scale) {
  const double magic = 0x1.8p52;  // adding it rounds to an integer, found in the low bits
  const double shifted = fused(x, 0x1.71547652b82fep0, magic);
  const double k = shifted - magic;
  const double r = fused(k, -0x1.abc9e3b39803fp-56, fused(k, -0x1.62e42fefa39efp-1, x));
  double q = 0x1.af38a0d2d9620p-26;
  q = fused(q, r, 0x1.28917e2c43a66p-22);
  q = fused(q, r, 0x1.71de0db21e27fp-19);
  q = fused(q, r, 0x1.a019b9133a48ap-16);
  q = fused(q, r, 0x1.a01a01a7c327ap-13);
  q = fused(q, r, 0x1.6c16c1788a49bp-10);
  q = fused(q, r, 0x1.11111111109b4p-7);
  q = fused(q, r, 0x1.5555555553d67p-5);
  q = fused(q, r, 0x1.5555555555556p-3);
  q = fused(q, r, 0x1.0000000000001p-1);
  scale = from_bits((bits_of(shifted) + 1023) << 52);
  return fused(q * r, r, r);
}

/// e^x within 1.5 ulp for |x| <= 708; above 709 +inf, below -708 zero, NaN for NaN.
BALLAST_INLINE double simd_exp(double x) {
  const bool high = x > 709.0;
  const bool low = x < -708.0;
  double scale;
  const double p = exp_minus_one_reduced(high || low ? 0.0 : x, scale);
  const double y = fused(scale, p, scale);
  return high ? __builtin_inf() : low ? 0.0 : y;
}

/// e^x - 1 within 3 ulp, also near zero; above 709 +inf, below -708 minus one, NaN for NaN.
BALLAST_INLINE double simd_expm1(double x) {
  const bool high = x > 709.0;
  const bool low = x < -708.0;
  double scale;
  const double p = exp_minus_one_reduced(high || low ? 0.0 : x, scale);
  const double y = fused(scale, p, scale - 1.0);
  return high ? __builtin_inf() : low ? -1.0 : y;
}

/// ln x within 1 ulp for normal positive x (2^-1022 <= x < inf) and nothing else. x = 2^k m, m in [sqrt(1/2), sqrt(2));
/// the kernel is that of fdlibm's e_log.c (Sun 1993): log m = f - f^2/2 + s (f^2/2 + R(s^2)), f = m - 1, s = f / (2 +
/// f).
BALLAST_INLINE double log_normal_positive(double x) {
  const std::uint64_t offset = bits_of(x) - 0x3FE6A09E667F3BCDull;  // minus the bits of sqrt(1/2)
  const std::uint64_t biased_k = (offset >> 52) ^ 0x800;  // k + 2048, without a signed conversion (AVX2 has none)
  const double k = from_bits(0x4330000000000000ull | (biased_k & 0xFFF)) - (0x1p52 + 2048.0);
  const double f = from_bits(bits_of(x) - (offset & 0xFFF0000000000000ull)) - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double p = 1.479819860511658591e-01;
  p = fused(p, z, 1.531383769920937332e-01);
  p = fused(p, z, 1.818357216161805012e-01);
  p = fused(p, z, 2.222219843214978396e-01);
  p = fused(p, z, 2.857142874366239149e-01);
  p = fused(p, z, 3.999999999940941908e-01);
  p = fused(p, z, 6.666666666666735130e-01);
  const double half_square = 0.5 * f * f;
  const double rest = fused(s, fused(p, z, half_square), fused(k, 1.90821492927058770002e-10, -half_square));
  return fused(k, 6.93147180369123816490e-01, f + rest);
}

/// ln x within 1 ulp for every double: -inf at zero, NaN below it, subnormal numbers included.
BALLAST_INLINE double simd_log(double x) {
  const bool tiny = x < 0x1p-1022;
  const bool regular = x > 0.0 && x < __builtin_inf();
  const double scaled = tiny ? x * 0x1p54 : x;
  const double y = log_normal_positive(regular ? scaled : 1.0);
  const double shifted = tiny ? y - 54 * 0x1.62e42fefa39efp-1 : y;
  return regular ? shifted : x == 0.0 ? -__builtin_inf() : x > 0.0 ? x : __builtin_nan("");
}

}  // namespace ballast
