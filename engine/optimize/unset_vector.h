#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace ballast {

/// Leaves what resize() adds unset, and puts what fills huge pages there, where the system has them: touching new
/// memory 4 KB at a time costs as much as filling it.
template <class T>
class UnsetAllocator : public std::allocator<T> {
 public:
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };

  T* allocate(std::size_t count) {
    if (!fills_huge_pages(count)) return std::allocator<T>::allocate(count);
    const std::size_t bytes = (count * sizeof(T) + kHugePage - 1) / kHugePage * kHugePage;
    void* at = std::aligned_alloc(kHugePage, bytes);
    if (at == nullptr) throw std::bad_alloc();
    ::madvise(at, bytes, MADV_HUGEPAGE);  // a system without them says no
    return static_cast<T*>(at);
  }
  void deallocate(T* at, std::size_t count) {
    if (!fills_huge_pages(count)) return std::allocator<T>::deallocate(at, count);
    std::free(at);
  }

  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }

 private:
  static constexpr std::size_t kHugePage = std::size_t{2} << 20;
  static bool fills_huge_pages(std::size_t count) { return count >= 2 * kHugePage / sizeof(T); }
};

/// Numbers that all threads are about to write: one thread filling them with zeros first would take as long as a pass
/// over a tenth of the scenarios.
template <class T>
using UnsetVector = std::vector<T, UnsetAllocator<T>>;

using Losses = UnsetVector<double>;  ///< one a position
using Spreads = UnsetVector<float>;  ///< one a position (loss_scan.h)

}  // namespace ballast
