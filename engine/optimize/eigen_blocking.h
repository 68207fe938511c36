#pragma once

#include <Eigen/Core>

namespace ballast {

/// Eigen sizes its blocks by the caches it finds, and its bits follow: pinned, they are the same on every machine.
/// Called at the start of everything here that multiplies matrices.
inline void pin_eigen_blocking() {
  static const bool pinned = (Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 8 << 20), true);
  static_cast<void>(pinned);
}

}  // namespace ballast
