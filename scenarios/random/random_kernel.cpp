#include <cstddef>
#include <cstdint>

#include "scenarios/random/as241.h"
#include "scenarios/random/compress.h"
#include "scenarios/random/pcg.h"

// Every function below takes the generator state of each lane, hands out one draw a lane and leaves the state two steps
// on: state -> multiplier2 state + addend2.
namespace ballast::BALLAST_ISA {

void uniforms_array(std::uint64_t* state, std::uint64_t increment, std::uint64_t multiplier2, std::uint64_t addend2,
                    double* u, std::size_t lanes) {
#pragma GCC ivdep
  for (std::size_t s = 0; s < lanes; ++s) {
    const std::uint64_t before = state[s];
    u[s] = uniform_of(pcg_draw(before, increment));
    state[s] = before * multiplier2 + addend2;
  }
}

void inverse_normal_array(const double* u, double* z, std::size_t n) {
  // Two passes: the central formula for all, then the tails, 15% of them, collected so that vectors stay full. A tail's
  // bits do not depend on whom it was collected with.
  constexpr std::size_t kChunk = 256;
  for (; n > 0; u += kChunk, z += kChunk, n -= n < kChunk ? n : kChunk) {
    const std::size_t count = n < kChunk ? n : kChunk;
    std::uint64_t place[kChunk + 8];
    double tail_u[kChunk + 8];
    double tail_z[kChunk];
    const std::size_t tails = collect_tails(u, count, 0.425, tail_u, place);
#pragma GCC ivdep
    for (std::size_t i = 0; i < count; ++i) z[i] = as241_centre(u[i] - 0.5);
    std::uint64_t far = 0;
    for (std::size_t i = 0; i < tails; ++i) {
      const double root = as241_root(tail_u[i]);
      far += root > 5.0 ? 1 : 0;
      tail_z[i] = __builtin_copysign(as241_near_tail(root), tail_u[i] - 0.5);
    }
    for (std::size_t i = 0; i < tails; ++i) z[place[i]] = tail_z[i];
    if (far > 0) {
      for (std::size_t i = 0; i < tails; ++i) {
        const double root = as241_root(tail_u[i]);
        if (root > 5.0) z[place[i]] = __builtin_copysign(as241_far_tail(root), tail_u[i] - 0.5);
      }
    }
  }
}

void normals_array(std::uint64_t* state, std::uint64_t increment, std::uint64_t multiplier2, std::uint64_t addend2,
                   double* z, std::size_t lanes) {
  uniforms_array(state, increment, multiplier2, addend2, z, lanes);
  inverse_normal_array(z, z, lanes);
}

void indices_array(std::uint64_t* state, std::uint64_t increment, std::uint64_t multiplier2, std::uint64_t addend2,
                   std::uint32_t n, std::uint32_t* k, std::size_t lanes) {
#pragma GCC ivdep
  for (std::size_t s = 0; s < lanes; ++s) {
    const std::uint64_t before = state[s];
    k[s] = index_of(pcg_draw(before, increment), n);
    state[s] = before * multiplier2 + addend2;
  }
}

}  // namespace ballast::BALLAST_ISA
