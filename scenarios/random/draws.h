#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "scenarios/random/draw_source.h"

namespace ballast {

class DrawScheme;
class PcgLanes;

/// The draws of a block of scenarios, independent ones or of the source's way of sampling. Independent: scenario s owns
/// positions [s D, (s + 1) D) of the sequence, D the declared draws_per_scenario rounded up to an odd number
/// (scenario_stride says why), and every call hands out the next draw of every lane at once (lane = scenario -
/// first_scenario). One generator state a lane is kept, so memory does not grow with D, and what a lane gets depends on
/// its scenario alone, not on the block. Lanes are padded to kLaneGroup; the padding continues with the scenarios that
/// follow.
class BlockDraws {
 public:
  /// A scenario of which nothing is known but how many draws it owns.
  BlockDraws(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
             std::uint64_t draws_per_scenario)
      : BlockDraws(source, first_scenario, lanes, DrawLayout{.draws = draws_per_scenario}) {}
  BlockDraws(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes, const DrawLayout& layout);
  ~BlockDraws();
  BlockDraws(BlockDraws&&) noexcept;

  std::size_t lanes() const { return lanes_; }  ///< padded: the length of every array below

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

  std::size_t lanes_;
  std::uint64_t draws_per_scenario_;
  std::uint64_t drawn_ = 0;
  std::unique_ptr<PcgLanes> pseudo_;    ///< independent draws,
  std::unique_ptr<DrawScheme> scheme_;  ///< or another way of sampling
  std::vector<double> uniform_;         ///< of scheme_, for indices
};

}  // namespace ballast
