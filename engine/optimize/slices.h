#pragma once

#include <cstddef>

#include "scenarios/base/parallel.h"

namespace ballast {

/// A range cut into a fixed number of slices, worked on in parallel. Sums are kept one a slice and added in slice
/// order, so their bits depend neither on the number of threads nor on who worked on what.
class Slices {
 public:
  static constexpr std::size_t kCount = 8;
  explicit Slices(std::size_t size) : size_(size) {}
  std::size_t begin(std::size_t slice) const { return size_ * slice / kCount; }

  /// work(slice, begin, end) for every slice, empty ones too.
  template <class Work>
  void for_each(Work&& work) const {
    if (size_ < kSmall) {
      for (std::size_t k = 0; k < kCount; ++k) work(k, begin(k), begin(k + 1));
    } else {
      parallel_for(kCount, [&](std::size_t k) { work(k, begin(k), begin(k + 1)); });
    }
  }

 private:
  static constexpr std::size_t kSmall = 512;  ///< below this, starting threads costs more than the work
  std::size_t size_;
};

}  // namespace ballast
