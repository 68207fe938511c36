#pragma once

#include <cstdint>

namespace ballast {

/// The sets of random numbers of a study: the weights are fitted to one, measured on another; calibrate serves the
/// scenarios that a model is judged by, resample the resampling of its history, and search is what searches for
/// starting points draw from.
enum class Sequence : std::uint64_t { optimise = 1, evaluate = 2, calibrate = 3, resample = 4, search = 16 };

/// Positions from one scenario to the next: the draws a model declares, rounded up to an odd number (the last one is
/// then not used). Positions a multiple of a large power of two apart are correlated, as in every generator modulo
/// 2^64: with 61,440 draws, pairs of scenarios 2^17 apart already fail a chi-square test (z = 6 of 4 million
/// scenarios), with 2^20 draws neighbours do. An odd distance keeps the powers of two out but for the scenarios' own.
constexpr std::uint64_t scenario_stride(std::uint64_t draws_per_scenario) { return draws_per_scenario | 1; }

/// One PCG sequence, addressed by position: pcg32 (XSH-RR 64/32, O'Neill 2014), whose outputs 2k and 2k + 1 (from 0)
/// are the high and low word of draw k. The period is 2^63 draws. State and stream come from a hash of (seed, set), so
/// neighbouring seeds share nothing. All functions here jump to the position, in about 64 multiplications: the slow,
/// obvious way.
class PcgSequence {
 public:
  PcgSequence(std::uint64_t seed, Sequence set);

  /// The 64 bits of draw `position`.
  std::uint64_t word(std::uint64_t position) const;
  /// (top 52 bits + 1/2) 2^-52, strictly inside (0, 1).
  double uniform(std::uint64_t position) const;
  /// The same of the draw that this state (of state()) stands before.
  double uniform_at(std::uint64_t state) const;
  /// floor(n v), v the top 52 bits times 2^-52; 0 <= result < n.
  std::uint32_t index(std::uint64_t position, std::uint32_t n) const;

  /// The generator's 64-bit state just before draw `position`.
  std::uint64_t state(std::uint64_t position) const;
  /// A number that stands for the whole sequence, for hashes that go with it.
  std::uint64_t key() const;
  /// The odd increment that names the stream.
  std::uint64_t increment() const { return increment_; }

 private:
  std::uint64_t state_;
  std::uint64_t increment_;
};

/// The step of the generator repeated n times: state -> multiplier state + addend (Brown 1994).
struct LcgJump {
  std::uint64_t multiplier = 1;
  std::uint64_t addend = 0;
  std::uint64_t operator()(std::uint64_t state) const { return multiplier * state + addend; }
};
LcgJump lcg_jump(std::uint64_t steps, std::uint64_t increment);

}  // namespace ballast
