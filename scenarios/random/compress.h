#pragma once

// Collecting the lanes of an array that satisfy a condition, for *_kernel.cpp.

#include <cstddef>
#include <cstdint>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "scenarios/base/simd_math.h"

namespace ballast {

#if defined(__AVX2__) && !defined(__AVX512F__)
// Row m moves the 64-bit lanes whose bits are set in m to the front; each lane is two of vpermd's 32-bit elements.
alignas(32) static const std::uint32_t kCompressTable[16][8] = {
    {0, 1, 0, 1, 0, 1, 0, 1}, {0, 1, 0, 1, 0, 1, 0, 1}, {2, 3, 0, 1, 0, 1, 0, 1}, {0, 1, 2, 3, 0, 1, 0, 1},
    {4, 5, 0, 1, 0, 1, 0, 1}, {0, 1, 4, 5, 0, 1, 0, 1}, {2, 3, 4, 5, 0, 1, 0, 1}, {0, 1, 2, 3, 4, 5, 0, 1},
    {6, 7, 0, 1, 0, 1, 0, 1}, {0, 1, 6, 7, 0, 1, 0, 1}, {2, 3, 6, 7, 0, 1, 0, 1}, {0, 1, 2, 3, 6, 7, 0, 1},
    {4, 5, 6, 7, 0, 1, 0, 1}, {0, 1, 4, 5, 6, 7, 0, 1}, {2, 3, 4, 5, 6, 7, 0, 1}, {0, 1, 2, 3, 4, 5, 6, 7}};
#endif

/// Collects, in order, the u[i] with |u[i] - 1/2| > limit into value[] and their i into place[]; returns how many.
/// value and place have room for n + 8.
BALLAST_INLINE std::size_t collect_tails(const double* u, std::size_t n, double limit, double* value,
                                         std::uint64_t* place) {
  std::size_t found = 0;
  std::size_t i = 0;
#if defined(__AVX512F__)
  const __m512d half = _mm512_set1_pd(0.5);
  const __m512d bound = _mm512_set1_pd(limit);
  __m512i lane = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
  for (; i + 8 <= n; i += 8) {
    const __m512d x = _mm512_loadu_pd(u + i);
    const __mmask8 tail = _mm512_cmp_pd_mask(_mm512_abs_pd(_mm512_sub_pd(x, half)), bound, _CMP_GT_OQ);
    _mm512_storeu_pd(value + found, _mm512_maskz_compress_pd(tail, x));
    _mm512_storeu_si512(place + found, _mm512_maskz_compress_epi64(tail, lane));
    found += static_cast<std::size_t>(__builtin_popcount(tail));
    lane = _mm512_add_epi64(lane, _mm512_set1_epi64(8));
  }
#elif defined(__AVX2__)
  const __m256d half = _mm256_set1_pd(0.5);
  const __m256d bound = _mm256_set1_pd(limit);
  const __m256d sign = _mm256_set1_pd(-0.0);
  __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
  for (; i + 4 <= n; i += 4) {
    const __m256d x = _mm256_loadu_pd(u + i);
    const __m256d distance = _mm256_andnot_pd(sign, _mm256_sub_pd(x, half));
    const int tail = _mm256_movemask_pd(_mm256_cmp_pd(distance, bound, _CMP_GT_OQ));
    const __m256i front = _mm256_load_si256(reinterpret_cast<const __m256i*>(kCompressTable[tail]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(value + found),
                        _mm256_permutevar8x32_epi32(_mm256_castpd_si256(x), front));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(place + found), _mm256_permutevar8x32_epi32(lane, front));
    found += static_cast<std::size_t>(__builtin_popcount(static_cast<unsigned>(tail)));
    lane = _mm256_add_epi64(lane, _mm256_set1_epi64x(4));
  }
#endif
  for (; i < n; ++i) {
    value[found] = u[i];
    place[found] = i;
    found += __builtin_fabs(u[i] - 0.5) > limit;
  }
  return found;
}

}  // namespace ballast
