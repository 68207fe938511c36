#include <cstddef>
#include <cstdint>

#include "scenarios/base/simd_math.h"
#include "scenarios/base/simd_vector.h"

namespace ballast::BALLAST_ISA {

void exp_array(const double* x, double* y, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] = simd_exp(x[i]);
}

void expm1_array(const double* x, double* y, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] = simd_expm1(x[i]);
}

void log_array(const double* x, double* y, std::size_t n) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) y[i] = simd_log(x[i]);
}

namespace {

constexpr int kRows = 6;  // rows x vectors accumulators, plus operands, fill the registers of v3
constexpr std::size_t kStrip = 2 * kVectorLanes;  // lanes held in registers
constexpr int kPackedRows = 256;                  // 32 KB of packed z at most

// Rows i .. i + rows - 1 of mean + L z on one strip of lanes; z's rows are `stride` apart. Columns up to i are common
// to all rows, the rest is the small triangle.
BALLAST_INLINE void row_block(const double* L, const double* mean, std::size_t n, std::size_t i, int rows,
                              const double* z, std::size_t stride, double* x, std::size_t lanes) {
  Vector sum[kRows][2];
  for (int r = 0; r < rows; ++r) {
    sum[r][0] = sum[r][1] = broadcast(mean ? mean[i + static_cast<std::size_t>(r)] : 0.0);
  }
  const double* Li = L + i * n;
  for (std::size_t j = 0; j <= i; ++j) {
    const Vector z0 = load(z + j * stride);
    const Vector z1 = load(z + j * stride + kVectorLanes);
#pragma GCC unroll 6
    for (int r = 0; r < rows; ++r) {
      const Vector l = broadcast(Li[static_cast<std::size_t>(r) * n + j]);
      sum[r][0] = fused(l, z0, sum[r][0]);
      sum[r][1] = fused(l, z1, sum[r][1]);
    }
  }
#pragma GCC unroll 6
  for (int k = 1; k < rows; ++k) {
    const std::size_t j = i + static_cast<std::size_t>(k);
    const Vector z0 = load(z + j * stride);
    const Vector z1 = load(z + j * stride + kVectorLanes);
#pragma GCC unroll 6
    for (int r = k; r < rows; ++r) {
      const Vector l = broadcast(Li[static_cast<std::size_t>(r) * n + j]);
      sum[r][0] = fused(l, z0, sum[r][0]);
      sum[r][1] = fused(l, z1, sum[r][1]);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; ++r) {
    store(x + (i + static_cast<std::size_t>(r)) * lanes, sum[r][0]);
    store(x + (i + static_cast<std::size_t>(r)) * lanes + kVectorLanes, sum[r][1]);
  }
}

}  // namespace

void triangular_product_array(const double* L, const double* mean, int order, const double* z, double* x,
                              std::size_t lanes) {
  const auto n = static_cast<std::size_t>(order);
  alignas(64) double packed[kPackedRows * kStrip];
  for (std::size_t s = 0; s < lanes; s += kStrip) {
    // Rows of z are a power of two apart and would share a few sets of the cache: a strip is copied together first.
    const double* strip = z + s;
    std::size_t stride = lanes;
    if (order > 2 * kRows && order <= kPackedRows) {
      for (std::size_t j = 0; j < n; ++j) {
        store(packed + j * kStrip, load(z + j * lanes + s));
        store(packed + j * kStrip + kVectorLanes, load(z + j * lanes + s + kVectorLanes));
      }
      strip = packed;
      stride = kStrip;
    }
    std::size_t i = 0;
    for (; i + kRows <= n; i += kRows) row_block(L, mean, n, i, kRows, strip, stride, x + s, lanes);
    switch (n - i) {
      case 5:
        row_block(L, mean, n, i, 5, strip, stride, x + s, lanes);
        break;
      case 4:
        row_block(L, mean, n, i, 4, strip, stride, x + s, lanes);
        break;
      case 3:
        row_block(L, mean, n, i, 3, strip, stride, x + s, lanes);
        break;
      case 2:
        row_block(L, mean, n, i, 2, strip, stride, x + s, lanes);
        break;
      case 1:
        row_block(L, mean, n, i, 1, strip, stride, x + s, lanes);
        break;
      default:
        break;
    }
  }
}

void gather_rows_array(const double* table, std::size_t rows, std::size_t columns, const std::uint32_t* index,
                       double* out, std::size_t lanes) {
  for (std::size_t first = 0; first < columns; first += kTableGroup) {
    const double* group = table + first * rows;
    double* to = out + first * lanes;
    const std::size_t width = columns - first < kTableGroup ? columns - first : kTableGroup;
    for (std::size_t s = 0; s < lanes; s += kVectorLanes) {
      Vector column[kTableGroup];
      transpose_quads(group, kTableGroup, index + s, column);
      if (width == kTableGroup) {
#pragma GCC unroll 4
        for (std::size_t c = 0; c < kTableGroup; ++c) store(to + c * lanes + s, column[c]);
      } else {
        for (std::size_t c = 0; c < width; ++c) store(to + c * lanes + s, column[c]);
      }
    }
  }
}

}  // namespace ballast::BALLAST_ISA
