#pragma once

#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace ballast {

/// Leaves what resize() adds unset.
template <class T>
struct UnsetAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
};

/// Numbers that all threads are about to write: one thread filling them with zeros first would take longer than the
/// rest of a pass over a tenth of the scenarios.
template <class T>
using UnsetVector = std::vector<T, UnsetAllocator<T>>;

using Losses = UnsetVector<double>;  ///< one a position
using Spreads = UnsetVector<float>;  ///< one a position (loss_scan.h)

}  // namespace ballast
