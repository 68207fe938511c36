#pragma once

// The widest vector of doubles of the instruction set a kernel is compiled for, behind the four operations that
// register blocking needs. Elementwise kernels do not need it: the compiler vectorises their loops.

#include <cstddef>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "scenarios/base/simd_math.h"

namespace ballast {

#if defined(__AVX512F__)
using Vector = __m512d;
constexpr std::size_t kVectorLanes = 8;
BALLAST_INLINE Vector load(const double* p) { return _mm512_loadu_pd(p); }
BALLAST_INLINE void store(double* p, Vector v) { _mm512_storeu_pd(p, v); }
BALLAST_INLINE Vector broadcast(double x) { return _mm512_set1_pd(x); }
BALLAST_INLINE Vector fused(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
#elif defined(__AVX2__) && defined(__FMA__)
using Vector = __m256d;
constexpr std::size_t kVectorLanes = 4;
BALLAST_INLINE Vector load(const double* p) { return _mm256_loadu_pd(p); }
BALLAST_INLINE void store(double* p, Vector v) { _mm256_storeu_pd(p, v); }
BALLAST_INLINE Vector broadcast(double x) { return _mm256_set1_pd(x); }
BALLAST_INLINE Vector fused(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
#else
using Vector = double;
constexpr std::size_t kVectorLanes = 1;
BALLAST_INLINE Vector load(const double* p) { return *p; }
BALLAST_INLINE void store(double* p, Vector v) { *p = v; }
BALLAST_INLINE Vector broadcast(double x) { return x; }
#endif

}  // namespace ballast
