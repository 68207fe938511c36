#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/random/sequence.h"

namespace ballast {

/// The draws of a block of scenarios. Scenario s owns positions [s D, (s + 1) D) of the sequence, D the declared
/// draws_per_scenario rounded up to an odd number (scenario_stride says why), and every call hands out the next draw of
/// every lane at once (lane = scenario - first_scenario). One generator state a lane is kept, so memory does not grow
/// with D, and what a lane gets depends on its scenario alone, not on the block. Lanes are padded to kLaneGroup; the
/// padding continues with the scenarios that follow.
class BlockDraws {
 public:
  BlockDraws(const PcgSequence& sequence, std::uint64_t first_scenario, std::size_t lanes,
             std::uint64_t draws_per_scenario);

  std::size_t lanes() const { return states_.size(); }  ///< padded: the length of every array below

  /// u[lanes()], strictly inside (0, 1); see PcgSequence::uniform.
  void uniforms(double* u);
  /// z[lanes()], standard normal by inversion (inverse_normal of the uniform).
  void normals(double* z);
  /// k[lanes()], 0 <= k < n; see PcgSequence::index.
  void indices(std::uint32_t n, std::uint32_t* k);
  /// Passes over `count` draws.
  void skip(std::uint64_t count);

  /// Draws handed out or skipped so far, per scenario. To exceed draws_per_scenario is a bug in a model: every function
  /// above then throws std::logic_error.
  std::uint64_t drawn() const { return drawn_; }

 private:
  void take(std::uint64_t count);

  std::vector<std::uint64_t> states_;
  std::uint64_t increment_;
  std::uint64_t draws_per_scenario_;
  std::uint64_t drawn_ = 0;
  LcgJump one_draw_;
};

}  // namespace ballast
