#include <cstddef>
#include <cstdint>

#include "scenarios/random/as241.h"
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
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double q = u[i] - 0.5;
    const double centre = as241_centre(q);
    const double tail = as241_tail(u[i]);
    z[i] = __builtin_fabs(q) <= 0.425 ? centre : tail;
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
