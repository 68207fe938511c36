#include "scenarios/random/draws.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "scenarios/base/isa.h"
#include "scenarios/base/lanes.h"
#include "scenarios/random/draw_scheme.h"

namespace ballast {

BALLAST_KERNELS(void uniforms_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, double*, std::size_t);
                void normals_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, double*, std::size_t);
                void indices_array(std::uint64_t*, std::uint64_t, std::uint64_t, std::uint64_t, std::uint32_t,
                                   std::uint32_t*, std::size_t);)

PcgLanes::PcgLanes(const PcgSequence& sequence, std::uint64_t first_scenario, std::size_t lanes,
                   std::uint64_t draws_per_scenario)
    : states_(lanes), increment_(sequence.increment()), one_draw_(lcg_jump(2, sequence.increment())) {
  const std::uint64_t stride = scenario_stride(draws_per_scenario);
  const LcgJump next_scenario = lcg_jump(2 * stride, increment_);
  std::uint64_t state = sequence.state(first_scenario * stride);
  for (auto& lane : states_) {
    lane = state;
    state = next_scenario(state);
  }
}

void PcgLanes::uniforms(double* u) {
  BALLAST_DISPATCH(uniforms_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, u, states_.size());
}

void PcgLanes::normals(double* z) {
  BALLAST_DISPATCH(normals_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, z, states_.size());
}

void PcgLanes::indices(std::uint32_t n, std::uint32_t* k) {
  BALLAST_DISPATCH(indices_array)
  (states_.data(), increment_, one_draw_.multiplier, one_draw_.addend, n, k, states_.size());
}

void PcgLanes::skip(std::uint64_t count) {
  const LcgJump jump = lcg_jump(2 * count, increment_);
  for (auto& state : states_) state = jump(state);
}

BlockDraws::BlockDraws(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                       const DrawLayout& layout)
    : lanes_(padded_lanes(lanes)),
      draws_per_scenario_(layout.draws),
      scheme_(make_scheme(source, first_scenario, lanes_, layout)) {
  if (scheme_) {
    uniform_.resize(lanes_);
  } else {
    pseudo_ = std::make_unique<PcgLanes>(source.sequence(), first_scenario, lanes_, layout.draws);
  }
}

BlockDraws::~BlockDraws() = default;
BlockDraws::BlockDraws(BlockDraws&&) noexcept = default;

void BlockDraws::take(std::uint64_t count) {
  if (count > draws_per_scenario_ - drawn_) {
    throw std::logic_error("a scenario asked for draw " + std::to_string(drawn_ + count) + " of " +
                           std::to_string(draws_per_scenario_) + " (the model declared too few draws)");
  }
  drawn_ += count;
}

void BlockDraws::uniforms(double* u) {
  take(1);
  pseudo_ ? pseudo_->uniforms(u) : scheme_->uniforms(u);
}

void BlockDraws::normals(double* z) {
  take(1);
  pseudo_ ? pseudo_->normals(z) : scheme_->normals(z);
}

void BlockDraws::indices(std::uint32_t n, std::uint32_t* k) {
  take(1);
  if (pseudo_) return pseudo_->indices(n, k);
  scheme_->uniforms(uniform_.data());
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    k[lane] = std::min(static_cast<std::uint32_t>(uniform_[lane] * double(n)), n - 1);  // rounding may reach n
  }
}

void BlockDraws::skip(std::uint64_t count) {
  take(count);
  pseudo_ ? pseudo_->skip(count) : scheme_->skip(count);
}

}  // namespace ballast
