#include <cstddef>
#include <cstdint>

#include "scenarios/base/simd_math.h"
#include "scenarios/base/simd_vector.h"

namespace ballast::BALLAST_ISA {

void monotone_map_array(const double* coefficients, std::size_t pieces, int bits, double lowest, double highest,
                        const double* y, double* x, std::size_t n) {
  // Two passes over a chunk: which piece and how far into it, then the cubics, whose coefficients are read row by row.
  constexpr std::size_t kChunk = 256;
  const int shift = 52 - bits;
  const std::uint64_t first = std::uint64_t{1023} << bits, mask = ~std::uint64_t{0} << shift;
  const auto side = static_cast<std::uint64_t>(pieces);
  for (; n > 0; y += kChunk, x += kChunk, n -= n < kChunk ? n : kChunk) {
    const std::size_t count = n < kChunk ? n : kChunk;
    alignas(64) std::uint32_t piece[kChunk];
    alignas(64) double into[kChunk];
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) {
      const double above = y[i] < lowest ? lowest : y[i];
      const double inside = above > highest ? highest : above;
      const double v = 1.0 + __builtin_fabs(inside);
      const std::uint64_t b = bits_of(v);
      into[i] = v - from_bits(b & mask);
      piece[i] = static_cast<std::uint32_t>((b >> shift) - first + (inside < 0.0 ? side : 0));
    }
    for (std::size_t i = 0; i < count; i += kVectorLanes) {
      Vector c[4];
      transpose_quads(coefficients, 4, piece + i, c);
      const Vector t = load(into + i);
      store(x + i, fused(t, fused(t, fused(t, c[3], c[2]), c[1]), c[0]));
    }
  }
}

}  // namespace ballast::BALLAST_ISA
