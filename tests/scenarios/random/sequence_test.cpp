#include "scenarios/random/sequence.h"

#include <cmath>
#include <set>

#include <doctest/doctest.h>
#include <pcg_random.hpp>

using namespace ballast;

namespace {

// The sequence as pcg-cpp makes it: its engine starts one step after `initial + increment`.
pcg32 reference_engine(const PcgSequence& sequence) {
  const std::uint64_t stream = sequence.increment() >> 1;
  constexpr std::uint64_t inverse_multiplier = 0xC097EF87329E28A5ull;  // 6364136223846793005^-1 mod 2^64
  const std::uint64_t initial = (sequence.state(0) - sequence.increment()) * inverse_multiplier - sequence.increment();
  return pcg32(initial, stream);
}

}  // namespace

TEST_CASE("the sequence is pcg-cpp's pcg32, two outputs a draw, high word first") {
  for (std::uint64_t seed : {0ull, 1ull, 20261122ull, ~0ull}) {
    for (Sequence set : {Sequence::optimise, Sequence::evaluate, Sequence::calibrate}) {
      const PcgSequence sequence(seed, set);
      for (std::uint64_t position :
           {0ull, 1ull, 2ull, 3ull, 1000ull, (1ull << 32) - 1, 1ull << 40, (1ull << 40) + 12345, (1ull << 62) + 7}) {
        pcg32 engine = reference_engine(sequence);
        engine.advance(2 * position);
        const std::uint64_t high = engine();
        const std::uint64_t low = engine();
        CHECK(sequence.word(position) == (high << 32 | low));
      }
    }
  }
}

TEST_CASE("uniforms and indices follow from the word, inside their ranges") {
  const PcgSequence sequence(7, Sequence::evaluate);
  for (std::uint64_t k = 0; k < 2000; ++k) {
    const std::uint64_t top = sequence.word(k) >> 12;
    const double u = sequence.uniform(k);
    CHECK(u == std::ldexp(static_cast<double>(2 * top + 1), -53));
    CHECK(u > 0.0);
    CHECK(u < 1.0);
    for (std::uint32_t n : {1u, 2u, 3u, 787u, 1u << 31, ~0u}) {
      const auto expected = static_cast<std::uint32_t>(static_cast<unsigned __int128>(top) * n >> 52);
      CHECK(sequence.index(k, n) == expected);
      CHECK(sequence.index(k, n) < n);
    }
  }
}

TEST_CASE("each seed and set has its own stream and state") {
  std::set<std::uint64_t> increments, states;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (Sequence set : {Sequence::optimise, Sequence::evaluate, Sequence::calibrate}) {
      const PcgSequence sequence(seed, set);
      CHECK(sequence.increment() % 2 == 1);
      increments.insert(sequence.increment());
      states.insert(sequence.state(0));
    }
  }
  CHECK(increments.size() == 300);
  CHECK(states.size() == 300);
}
