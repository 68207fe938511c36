#pragma once

#include <cstddef>
#include <vector>

#include "scenarios/base/lane_math.h"
#include "scenarios/base/lanes.h"
#include "scenarios/random/draws.h"

namespace ballast {

/// Correlated normal vectors on a block of lanes: L z with z standard normal, one draw a column.
class NormalVector {
 public:
  /// factor: L, row-major columns x columns (lower_factor); must outlive this.
  NormalVector(const std::vector<double>& factor, std::size_t columns, std::size_t lanes)
      : factor_(factor.data()), z_(columns, lanes) {}

  /// out[column][lane] = mean + L z; no mean: 0.
  void draw(BlockDraws& draws, LaneArray& out, const double* mean = nullptr) {
    for (std::size_t c = 0; c < z_.rows(); ++c) draws.normals(z_.row(c));
    triangular_product(factor_, mean, int(z_.rows()), z_.data(), out.data(), z_.lanes());
  }

 private:
  const double* factor_;
  LaneArray z_;
};

}  // namespace ballast
