#include "scenarios/random/draws.h"

#include <stdexcept>
#include <string>

#include "scenarios/base/isa.h"
#include "scenarios/base/lanes.h"

#define BALLAST_DECLARE                                                                                          \
  void uniforms_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, double*, std::size_t);        \
  void normals_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, double*, std::size_t);         \
  void indices_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t*, \
                     std::size_t);
namespace ballast::v3 {
BALLAST_DECLARE
}
namespace ballast::v4 {
BALLAST_DECLARE
}
#undef BALLAST_DECLARE

namespace ballast {

BlockDraws::BlockDraws(const PcgSequence& sequence, std::uint64_t first_scenario, std::size_t lanes,
                       std::uint64_t draws_per_scenario)
    : states_(padded_lanes(lanes)),
      increment_(sequence.increment()),
      draws_per_scenario_(draws_per_scenario),
      one_draw_(lcg_jump(2, sequence.increment())) {
  const std::uint64_t stride = scenario_stride(draws_per_scenario);
  const LcgJump next_scenario = lcg_jump(2 * stride, increment_);
  std::uint64_t state = sequence.state(first_scenario * stride);
  for (auto& lane : states_) {
    lane = state;
    state = next_scenario(state);
  }
}

void BlockDraws::take(std::uint64_t count) {
  if (count > draws_per_scenario_ - drawn_) {
    throw std::logic_error("a scenario asked for draw " + std::to_string(drawn_ + count) + " of " +
                           std::to_string(draws_per_scenario_) + " (the model declared too few draws)");
  }
  drawn_ += count;
}

void BlockDraws::uniforms(double* u) {
  take(1);
  BALLAST_DISPATCH(uniforms_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, u, states_.size());
}

void BlockDraws::normals(double* z) {
  take(1);
  BALLAST_DISPATCH(normals_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, z, states_.size());
}

void BlockDraws::indices(std::uint32_t n, std::uint32_t* k) {
  take(1);
  BALLAST_DISPATCH(indices_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, n, k, states_.size());
}

void BlockDraws::skip(std::uint64_t count) {
  take(count);
  const LcgJump jump = lcg_jump(2 * count, increment_);
  for (auto& state : states_) state = jump(state);
}

}  // namespace ballast
