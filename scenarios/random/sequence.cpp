#include "scenarios/random/sequence.h"

#include "scenarios/random/hash.h"
#include "scenarios/random/pcg.h"

namespace ballast {
LcgJump lcg_jump(std::uint64_t steps, std::uint64_t increment) {
  LcgJump total;
  LcgJump power{kPcgMultiplier, increment};  // 2^i steps
  for (; steps != 0; steps >>= 1) {
    if (steps & 1) total = {power.multiplier * total.multiplier, power(total.addend)};
    power = {power.multiplier * power.multiplier, power(power.addend)};
  }
  return total;
}

PcgSequence::PcgSequence(std::uint64_t seed, Sequence set) {
  const std::uint64_t key = mix_bits(mix_bits(seed + kGoldenRatio) + static_cast<std::uint64_t>(set) * kGoldenRatio);
  state_ = mix_bits(key + kGoldenRatio);
  increment_ = mix_bits(key + 2 * kGoldenRatio) | 1;
}

std::uint64_t PcgSequence::key() const { return hash_bits(state_, increment_); }

std::uint64_t PcgSequence::state(std::uint64_t position) const { return lcg_jump(2 * position, increment_)(state_); }

std::uint64_t PcgSequence::word(std::uint64_t position) const { return pcg_draw(state(position), increment_); }

double PcgSequence::uniform_at(std::uint64_t state) const { return uniform_of(pcg_draw(state, increment_)); }

double PcgSequence::uniform(std::uint64_t position) const { return uniform_at(state(position)); }

std::uint32_t PcgSequence::index(std::uint64_t position, std::uint32_t n) const { return index_of(word(position), n); }

}  // namespace ballast
