#include "scenarios/random/sequence.h"

#include "scenarios/random/pcg.h"

namespace ballast {
namespace {

// splitmix64's finaliser (Stafford's variant 13): a bijection in which every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

}  // namespace

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
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ull;
  const std::uint64_t key = mix(mix(seed + golden) + static_cast<std::uint64_t>(set) * golden);
  state_ = mix(key + golden);
  increment_ = mix(key + 2 * golden) | 1;
}

std::uint64_t PcgSequence::state(std::uint64_t position) const { return lcg_jump(2 * position, increment_)(state_); }

std::uint64_t PcgSequence::word(std::uint64_t position) const { return pcg_draw(state(position), increment_); }

double PcgSequence::uniform_at(std::uint64_t state) const { return uniform_of(pcg_draw(state, increment_)); }

double PcgSequence::uniform(std::uint64_t position) const { return uniform_at(state(position)); }

std::uint32_t PcgSequence::index(std::uint64_t position, std::uint32_t n) const { return index_of(word(position), n); }

}  // namespace ballast
