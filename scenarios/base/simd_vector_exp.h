#pragma once

// e^x on a register of lanes, for kernels that block over registers themselves (elementwise loops use simd_exp).

#include "scenarios/base/simd_vector.h"

namespace ballast {

#if defined(__AVX2__) && defined(__FMA__)

/// e^x within 1 ulp for x in [-708, 709], outside of it that of the nearer bound, NaN for NaN. In the range it is the
/// same sequence of operations as simd_exp, hence the same bits, at any width.
BALLAST_INLINE Vector clamped_exp(Vector x) {
  typedef unsigned long long Bits __attribute__((vector_size(sizeof(Vector))));
  const Vector low = broadcast(-708.0), high = broadcast(709.0);
#if defined(__AVX512F__)
  x = _mm512_min_pd(high, _mm512_max_pd(low, x));  // the second operand where either is NaN
#else
  x = _mm256_min_pd(high, _mm256_max_pd(low, x));
#endif
  const Vector magic = broadcast(0x1.8p52);  // adding it rounds to an integer, found in the low bits
  const Vector shifted = fused(x, broadcast(0x1.71547652b82fep0), magic);
  const Vector k = shifted - magic;
  const Vector r = fused(k, broadcast(-0x1.abc9e3b39803fp-56), fused(k, broadcast(-0x1.62e42fefa39efp-1), x));
  Vector q = broadcast(0x1.af38a0d2d9620p-26);
  q = fused(q, r, broadcast(0x1.28917e2c43a66p-22));
  q = fused(q, r, broadcast(0x1.71de0db21e27fp-19));
  q = fused(q, r, broadcast(0x1.a019b9133a48ap-16));
  q = fused(q, r, broadcast(0x1.a01a01a7c327ap-13));
  q = fused(q, r, broadcast(0x1.6c16c1788a49bp-10));
  q = fused(q, r, broadcast(0x1.11111111109b4p-7));
  q = fused(q, r, broadcast(0x1.5555555553d67p-5));
  q = fused(q, r, broadcast(0x1.5555555555556p-3));
  q = fused(q, r, broadcast(0x1.0000000000001p-1));
  const Vector p = fused(q * r, r, r);
  const Vector scale = (Vector)(((Bits)shifted + 1023) << 52);
  return fused(scale, p, scale);
}

#else

BALLAST_INLINE Vector clamped_exp(Vector x) { return simd_exp(x < -708.0 ? -708.0 : x > 709.0 ? 709.0 : x); }

#endif

}  // namespace ballast
