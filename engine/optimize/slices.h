#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/base/parallel.h"

namespace ballast {

/// A range cut into a fixed number of slices, worked on in parallel. Sums are kept one a slice and added in slice
/// order, so their bits depend neither on the number of threads nor on who worked on what.
class Slices {
 public:
  static constexpr std::size_t kCount = 8;
  static constexpr std::size_t kSmall = 512;
  /// Below `small`, starting threads costs more than the work.
  explicit Slices(std::size_t size, std::size_t small = kSmall) : size_(size), small_(small) {}
  std::size_t begin(std::size_t slice) const { return size_ * slice / kCount; }

  /// work(slice, begin, end) for every slice, empty ones too.
  template <class Work>
  void for_each(Work&& work) const {
    if (size_ < small_) {
      for (std::size_t k = 0; k < kCount; ++k) work(k, begin(k), begin(k + 1));
    } else {
      parallel_for(kCount, [&](std::size_t k) { work(k, begin(k), begin(k + 1)); });
    }
  }

 private:
  std::size_t size_, small_;
};

/// Positions below `count` that `wanted` takes, in order. It is asked for all of them, without branches on its answers.
template <class Wanted>
std::vector<std::int64_t> positions_where(std::size_t count, Wanted&& wanted) {
  std::array<std::vector<std::int64_t>, Slices::kCount> parts;
  Slices{count}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    constexpr std::size_t kPiece = 1024;
    std::array<std::int64_t, kPiece> found;
    for (std::size_t first = begin; first < end; first += kPiece) {
      std::size_t taken = 0;
      for (std::size_t j = first; j < std::min(first + kPiece, end); ++j) {
        found[taken] = std::int64_t(j);
        taken += bool(wanted(j));
      }
      parts[slice].insert(parts[slice].end(), found.begin(), found.begin() + std::ptrdiff_t(taken));
    }
  });
  std::vector<std::int64_t> all = std::move(parts[0]);
  for (std::size_t k = 1; k < parts.size(); ++k) all.insert(all.end(), parts[k].begin(), parts[k].end());
  return all;
}

}  // namespace ballast
