#pragma once

#include <cstddef>
#include <cstdint>

namespace ballast {

// Array entry points of the lane kernels; the instruction set is chosen at run time and does not change a bit.

/// y[i] = e^x[i], within 1.5 ulp for |x| <= 708, +inf above 709, 0 below -708. x may be y.
void exp_lanes(const double* x, double* y, std::size_t n);
/// y[i] = e^x[i] - 1, within 3 ulp, also near 0. x may be y.
void expm1_lanes(const double* x, double* y, std::size_t n);
/// y[i] = ln x[i], within 1 ulp; -inf at 0, NaN below. x may be y.
void log_lanes(const double* x, double* y, std::size_t n);

/// x = L z: x[i][lane] = sum over j <= i of L[i n + j] z[j][lane], j ascending, one fused multiply-add each, from 0.
/// L is row-major n x n (what stands above the diagonal is not read); z and x are n rows of `lanes`, a multiple of
/// kLaneGroup, 64-byte aligned, and must not overlap.
void triangular_product(const double* L, int n, const double* z, double* x, std::size_t lanes);

/// out[lane] = column[index[lane]].
void gather_lanes(const double* column, const std::uint32_t* index, double* out, std::size_t lanes);

}  // namespace ballast
