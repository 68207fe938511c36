#pragma once

#include <cstddef>
#include <cstdint>

#include "scenarios/base/lanes.h"

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
/// x = mean + L z, each sum begun at mean[i].
void triangular_product(const double* L, const double* mean, int n, const double* z, double* x, std::size_t lanes);

/// A table whose rows are drawn by index, such as a history that is bootstrapped. Columns stand in groups of four, so
/// that a row is read by whole vectors and turned into lanes in registers: several times as fast as gathering column by
/// column.
class RowTable {
 public:
  RowTable() = default;
  RowTable(std::size_t rows, std::size_t columns);  ///< zeros

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  double& operator()(std::size_t row, std::size_t column);

  /// out[column][lane] = table[row[lane]][column]; each row[lane] < rows(). lanes: a multiple of kLaneGroup.
  void gather(const std::uint32_t* row, double* out, std::size_t lanes) const;

 private:
  std::size_t rows_ = 0, columns_ = 0;
  LaneArray values_;  ///< one aligned row, so that four columns of a row of the table never lie across cache lines
};

}  // namespace ballast
