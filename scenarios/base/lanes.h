#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace ballast {

/// Scenarios are simulated in blocks of this many, always: shards and threads divide the work between blocks, never
/// within.
inline constexpr std::size_t kBlockScenarios = 1024;

/// Kernels work on whole groups of lanes; every lane array is padded to a multiple of this.
inline constexpr std::size_t kLaneGroup = 16;

constexpr std::size_t padded_lanes(std::size_t lanes) { return (lanes + kLaneGroup - 1) / kLaneGroup * kLaneGroup; }

/// A rows x lanes array, the lanes (scenarios) of a row contiguous, 64-byte aligned and padded to kLaneGroup.
/// Starts as zeros. Row r is one variable (an asset's return, the rate of one tenor) on every scenario of a block.
class LaneArray {
 public:
  LaneArray() = default;
  LaneArray(std::size_t rows, std::size_t lanes) : rows_(rows), lanes_(padded_lanes(lanes)) {
    if (rows_ * lanes_ == 0) return;
    data_.reset(static_cast<double*>(std::aligned_alloc(64, rows_ * lanes_ * sizeof(double))));
    if (!data_) throw std::bad_alloc();
    fill(0.0);
  }
  std::size_t rows() const { return rows_; }
  std::size_t lanes() const { return lanes_; }  ///< padded
  double* row(std::size_t r) { return data_.get() + r * lanes_; }
  const double* row(std::size_t r) const { return data_.get() + r * lanes_; }
  double& operator()(std::size_t r, std::size_t lane) { return data_.get()[r * lanes_ + lane]; }
  double operator()(std::size_t r, std::size_t lane) const { return data_.get()[r * lanes_ + lane]; }
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  void fill(double value) {
    for (std::size_t k = 0; k < rows_ * lanes_; ++k) data_.get()[k] = value;
  }

 private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  std::size_t rows_ = 0;
  std::size_t lanes_ = 0;
  std::unique_ptr<double[], Free> data_;
};

}  // namespace ballast
