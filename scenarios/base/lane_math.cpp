#include "scenarios/base/lane_math.h"

#include "scenarios/base/isa.h"
#include "scenarios/base/simd_vector.h"

namespace ballast {

BALLAST_KERNELS(void exp_array(const double*, double*, std::size_t);
                void expm1_array(const double*, double*, std::size_t);
                void log_array(const double*, double*, std::size_t);
                void triangular_product_array(const double*, const double*, int, const double*, double*, std::size_t);
                void gather_rows_array(const double*, std::size_t, std::size_t, const std::uint32_t*, double*,
                                       std::size_t);)

void exp_lanes(const double* x, double* y, std::size_t n) { BALLAST_DISPATCH(exp_array)(x, y, n); }
void expm1_lanes(const double* x, double* y, std::size_t n) { BALLAST_DISPATCH(expm1_array)(x, y, n); }
void log_lanes(const double* x, double* y, std::size_t n) { BALLAST_DISPATCH(log_array)(x, y, n); }

void triangular_product(const double* L, int n, const double* z, double* x, std::size_t lanes) {
  BALLAST_DISPATCH(triangular_product_array)(L, nullptr, n, z, x, lanes);
}

void triangular_product(const double* L, const double* mean, int n, const double* z, double* x, std::size_t lanes) {
  BALLAST_DISPATCH(triangular_product_array)(L, mean, n, z, x, lanes);
}

RowTable::RowTable(std::size_t rows, std::size_t columns)
    : rows_(rows), columns_(columns), values_(1, (columns + kTableGroup - 1) / kTableGroup * kTableGroup * rows) {}

double& RowTable::operator()(std::size_t row, std::size_t column) {
  return values_.data()[(column / kTableGroup * rows_ + row) * kTableGroup + column % kTableGroup];
}

void RowTable::gather(const std::uint32_t* row, double* out, std::size_t lanes) const {
  BALLAST_DISPATCH(gather_rows_array)(values_.data(), rows_, columns_, row, out, lanes);
}

}  // namespace ballast
