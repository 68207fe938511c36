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

/// The first kUsed vectors of a tile: the last panel of rows may be shorter.
template <std::size_t kUsed>
BALLAST_INLINE void add_tile(const double* tall, const double* wide, std::size_t count, double* gram,
                             std::size_t stride) {
  Vector sum[kWidth][kUsed];
#pragma GCC unroll 8
  for (std::size_t c = 0; c < kWidth; ++c) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kUsed; ++v) sum[c][v] = broadcast(0.0);
  }
  for (std::size_t s = 0; s < count; ++s) {
    Vector down[kUsed];
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kUsed; ++v) down[v] = load(tall + s * kHeight + v * kVectorLanes);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < kWidth; ++c) {
      const Vector across = broadcast(wide[s * kWidth + c]);
#pragma GCC unroll 3
      for (std::size_t v = 0; v < kUsed; ++v) sum[c][v] = fused(across, down[v], sum[c][v]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t c = 0; c < kWidth; ++c) {
#pragma GCC unroll 3
    for (std::size_t v = 0; v < kUsed; ++v) {
      double* out = gram + c * stride + v * kVectorLanes;
      store(out, load(out) + sum[c][v]);
    }
  }
}

/// One panel of rows, kUsed vectors of them, with all columns up to its end.
template <std::size_t kUsed>
BALLAST_INLINE void add_panel(const double* tall, const double* wide, std::size_t columns, std::size_t count,
                              double* gram, std::size_t stride) {
  for (std::size_t c = 0; c < columns; c += kWidth) {
    add_tile<kUsed>(tall, wide + c * count, count, gram + c * stride, stride);
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
    const std::size_t used = (columns - r + kVectorLanes - 1) / kVectorLanes;  // more: a whole panel
    const std::size_t end = r + kHeight < columns ? r + kHeight : columns;
    if (used == 1) {
      add_panel<1>(tall, wide, end, rows.count, gram + r, stride);
    } else if (kVectors > 1 && used == 2) {
      add_panel<kVectors == 1 ? 1 : 2>(tall, wide, end, rows.count, gram + r, stride);
    } else {
      add_panel<kVectors>(tall, wide, end, rows.count, gram + r, stride);
    }
  }
}

}  // namespace ballast::BALLAST_ISA
