#include "engine/optimize/weighted_gram_kernel.h"

#include <cstddef>

#include "scenarios/base/simd_vector.h"

namespace ballast::BALLAST_ISA {
namespace {

// A tile of kHeight rows (vectors, contiguous in the result's columns) and kWidth columns stays in registers while the
// scenarios go by. An element's sum has the same order whatever the tile: scenario by scenario within a chunk, chunk by
// chunk.
constexpr std::size_t kVectors = kVectorLanes == 1 ? 1 : 3;
constexpr std::size_t kHeight = kVectors * kVectorLanes;
constexpr std::size_t kWidth = kVectorLanes == 8 ? 8 : 4;
static_assert(kGramPadding % kHeight == 0 && kGramPadding % kWidth == 0);

/// packed[s kPanel + c] = scale[s] rows[s][first + c], columns past the last as zeros.
template <std::size_t kPanel, bool kScaled>
BALLAST_INLINE void pack(const GramRows& rows, std::size_t first, double* packed) {
  const std::size_t left = first < rows.columns ? rows.columns - first : 0, width = left < kPanel ? left : kPanel;
  for (std::size_t s = 0; s < rows.count; ++s) {
    const double* row = rows.values + s * rows.stride + first;
    const double scale = kScaled ? rows.weight[s] : 1.0;
    double* out = packed + s * kPanel;
    if (width == kPanel) {
      for (std::size_t c = 0; c < kPanel; ++c) out[c] = kScaled ? scale * row[c] : row[c];
    } else {
      for (std::size_t c = 0; c < kPanel; ++c) out[c] = c >= width ? 0.0 : kScaled ? scale * row[c] : row[c];
    }
  }
}

BALLAST_INLINE void add_tile(const double* tall, const double* wide, std::size_t count, double* gram,
                             std::size_t stride) {
  Vector sum[kWidth][kVectors];
#pragma GCC unroll 8
  for (std::size_t c = 0; c < kWidth; ++c) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kVectors; ++v) sum[c][v] = broadcast(0.0);
  }
  for (std::size_t s = 0; s < count; ++s) {
    Vector down[kVectors];
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kVectors; ++v) down[v] = load(tall + s * kHeight + v * kVectorLanes);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kWidth; ++c) {
      const Vector across = broadcast(wide[s * kWidth + c]);
#pragma GCC unroll 3
      for (std::size_t v = 0; v < kVectors; ++v) sum[c][v] = fused(across, down[v], sum[c][v]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t c = 0; c < kWidth; ++c) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kVectors; ++v) {
      double* out = gram + c * stride + v * kVectorLanes;
      store(out, load(out) + sum[c][v]);
    }
  }
}

}  // namespace

void add_gram_band(const GramRows& rows, std::size_t first, std::size_t last, double* scratch, double* gram,
                   std::size_t stride) {
  double* tall = scratch;                         // one panel of the band
  double* wide = scratch + kGramChunk * kHeight;  // all columns up to the band's end, scaled
  const std::size_t columns = (last < rows.columns ? last : rows.columns);
  for (std::size_t c = 0; c < columns; c += kWidth) pack<kWidth, true>(rows, c, wide + c * rows.count);
  for (std::size_t r = first; r < last && r < rows.columns; r += kHeight) {
    pack<kHeight, false>(rows, r, tall);
    for (std::size_t c = 0; c < r + kHeight && c < columns; c += kWidth) {
      add_tile(tall, wide + c * rows.count, rows.count, gram + c * stride + r, stride);
    }
  }
}

}  // namespace ballast::BALLAST_ISA
