#include <cstddef>
#include <cstdint>

#include "scenarios/base/simd_math.h"

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

void triangular_product_array(const double* L, int n, const double* z, double* x, std::size_t lanes) {
  for (int i = 0; i < n; ++i) {
    double* xi = x + static_cast<std::size_t>(i) * lanes;
    for (std::size_t s = 0; s < lanes; ++s) xi[s] = 0.0;
    for (int j = 0; j <= i; ++j) {
      const double l = L[static_cast<std::size_t>(i) * static_cast<std::size_t>(n) + static_cast<std::size_t>(j)];
      const double* zj = z + static_cast<std::size_t>(j) * lanes;
#pragma GCC ivdep
      for (std::size_t s = 0; s < lanes; ++s) xi[s] = fused(l, zj[s], xi[s]);
    }
  }
}

void gather_array(const double* column, const std::uint32_t* index, double* out, std::size_t lanes) {
#pragma GCC ivdep
  for (std::size_t s = 0; s < lanes; ++s) out[s] = column[index[s]];
}

}  // namespace ballast::BALLAST_ISA
