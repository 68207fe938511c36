#pragma once

// The arithmetic of a draw, shared by the slow reference and the lane kernels.

#include <cstdint>

#include "scenarios/base/simd_math.h"

namespace ballast {

constexpr std::uint64_t kPcgMultiplier = 6364136223846793005ull;

/// pcg32's output function XSH-RR (O'Neill 2014, section 6.3.1), 32 bits from a 64-bit state.
BALLAST_INLINE std::uint64_t pcg_output(std::uint64_t state) {
  const std::uint64_t word = (((state >> 18) ^ state) >> 27) & 0xFFFFFFFFull;
  return ((word << 32 | word) >> (state >> 59)) & 0xFFFFFFFFull;  // rotated right by the top five bits
}

/// The two outputs at `state` and its successor, high word first.
BALLAST_INLINE std::uint64_t pcg_draw(std::uint64_t state, std::uint64_t increment) {
  return pcg_output(state) << 32 | pcg_output(state * kPcgMultiplier + increment);
}

/// (top 52 bits + 1/2) 2^-52: exact, symmetric about 1/2, never 0 or 1.
BALLAST_INLINE double uniform_of(std::uint64_t word) {
  return (from_bits(word >> 12 | 0x3FF0000000000000ull) - 1.0) + 0x1p-53;
}

/// floor(n t 2^-52), t the top 52 bits: an 84-bit product taken in two halves.
BALLAST_INLINE std::uint32_t index_of(std::uint64_t word, std::uint64_t n) {
  const std::uint64_t high = word >> 38;
  const std::uint64_t low = (word >> 12) & 0x3FFFFFFull;
  return static_cast<std::uint32_t>((high * n + (low * n >> 26)) >> 26);
}

}  // namespace ballast
