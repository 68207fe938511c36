#pragma once

#include <cstdint>

namespace ballast {

inline constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15ull;

/// splitmix64's finaliser (Stafford's variant 13): a bijection in which every input bit reaches every output bit.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

/// The hash of a key and a number.
constexpr std::uint64_t hash_bits(std::uint64_t key, std::uint64_t number) {
  return mix_bits(mix_bits(key + kGoldenRatio) ^ (number * kGoldenRatio + kGoldenRatio));
}

}  // namespace ballast
