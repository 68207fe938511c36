#pragma once

// The widest vector of doubles of the instruction set a kernel is compiled for, behind the operations that
// register blocking and gathering whole rows need. Elementwise kernels do not need it: the compiler vectorises their
// loops.

#include <cstddef>
#include <cstdint>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "scenarios/base/simd_math.h"

namespace ballast {

/// Columns that stand together in the table of gather_rows (lane_math.h): as many streams are written at a time. Rows
/// of lanes are a power of two apart and share the sets of the first cache, where eight streams and the table would not
/// fit.
constexpr std::size_t kTableGroup = 4;

// transpose_quads: column[c][k] = table[index[k] stride + c], c < 4, for the kVectorLanes rows named by index.

#if defined(__AVX512F__)
using Vector = __m512d;
constexpr std::size_t kVectorLanes = 8;
BALLAST_INLINE Vector load(const double* p) { return _mm512_loadu_pd(p); }
BALLAST_INLINE void store(double* p, Vector v) { _mm512_storeu_pd(p, v); }
BALLAST_INLINE Vector broadcast(double x) { return _mm512_set1_pd(x); }
BALLAST_INLINE Vector fused(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
BALLAST_INLINE void transpose_quads(const double* table, std::size_t stride, const std::uint32_t* index,
                                    Vector* column) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  Vector r[4];  // rows k and k + 4 side by side: the loads do what would be another round of shuffles
#pragma GCC unroll 4
  for (std::size_t k = 0; k < 4; ++k) {
    const double* left = table + static_cast<std::size_t>(index[k]) * stride;
    const double* right = table + static_cast<std::size_t>(index[k + 4]) * stride;
    r[k] = _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(left)), _mm256_loadu_pd(right), 1);
  }
  const Vector even01 = _mm512_unpacklo_pd(r[0], r[1]), odd01 = _mm512_unpackhi_pd(r[0], r[1]);
  const Vector even23 = _mm512_unpacklo_pd(r[2], r[3]), odd23 = _mm512_unpackhi_pd(r[2], r[3]);
  column[0] = _mm512_permutex2var_pd(even01, low, even23);
  column[1] = _mm512_permutex2var_pd(odd01, low, odd23);
  column[2] = _mm512_permutex2var_pd(even01, high, even23);
  column[3] = _mm512_permutex2var_pd(odd01, high, odd23);
}
#elif defined(__AVX2__) && defined(__FMA__)
using Vector = __m256d;
constexpr std::size_t kVectorLanes = 4;
BALLAST_INLINE Vector load(const double* p) { return _mm256_loadu_pd(p); }
BALLAST_INLINE void store(double* p, Vector v) { _mm256_storeu_pd(p, v); }
BALLAST_INLINE Vector broadcast(double x) { return _mm256_set1_pd(x); }
BALLAST_INLINE Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
BALLAST_INLINE void transpose_quads(const double* table, std::size_t stride, const std::uint32_t* index,
                                    Vector* column) {
  Vector r[4];  // columns 0, 1 of rows k and k + 2 side by side, then columns 2, 3
#pragma GCC unroll 2
  for (std::size_t k = 0; k < 2; ++k) {
    const double* left = table + static_cast<std::size_t>(index[k]) * stride;
    const double* right = table + static_cast<std::size_t>(index[k + 2]) * stride;
    r[k] = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(left)), _mm_loadu_pd(right), 1);
    r[k + 2] = _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(left + 2)), _mm_loadu_pd(right + 2), 1);
  }
  column[0] = _mm256_unpacklo_pd(r[0], r[1]);
  column[1] = _mm256_unpackhi_pd(r[0], r[1]);
  column[2] = _mm256_unpacklo_pd(r[2], r[3]);
  column[3] = _mm256_unpackhi_pd(r[2], r[3]);
}
#else
using Vector = double;
constexpr std::size_t kVectorLanes = 1;
BALLAST_INLINE Vector load(const double* p) { return *p; }
BALLAST_INLINE void store(double* p, Vector v) { *p = v; }
BALLAST_INLINE Vector broadcast(double x) { return x; }
BALLAST_INLINE void transpose_quads(const double* table, std::size_t stride, const std::uint32_t* index,
                                    Vector* column) {
  for (std::size_t c = 0; c < 4; ++c) column[c] = table[index[0] * stride + c];
}
#endif

}  // namespace ballast
