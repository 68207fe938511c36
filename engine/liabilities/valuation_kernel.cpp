#include "engine/liabilities/valuation_kernel.h"

#include "scenarios/base/simd_vector_exp.h"

namespace ballast::BALLAST_ISA {
namespace {

// Lanes are worked through in groups of a few registers, all flows for one group before the next, so that the sums stay
// in registers. The order of a lane's additions is that of the flows, whatever the group.
constexpr std::size_t kSumRegisters = 2;
constexpr std::size_t kSensitivityRegisters = kVectorLanes == 8 ? 2 : 1;  // AVX2 has 16 registers, AVX-512 32

template <bool kCompounded>
BALLAST_INLINE void sensitivities_of_group(const FlowTable& table, const double* rates, std::size_t stride, double* out,
                                           std::size_t lanes) {
  Vector first[kSensitivityRegisters], second[kSensitivityRegisters], convexity[kSensitivityRegisters];
  for (std::size_t u = 0; u < kSensitivityRegisters; ++u) first[u] = second[u] = convexity[u] = broadcast(0.0);
  double* key_rows = out + 3 * lanes;
  for (std::size_t k = 0; k < table.run_count; ++k) {
    const FlowRun run = table.runs[k];
    Vector z_lower[kSensitivityRegisters], z_upper[kSensitivityRegisters], key_lower[kSensitivityRegisters],
        key_upper[kSensitivityRegisters];
    for (std::size_t u = 0; u < kSensitivityRegisters; ++u) {
      z_lower[u] = load(rates + run.lower_row * stride + u * kVectorLanes);
      z_upper[u] = load(rates + run.upper_row * stride + u * kVectorLanes);
      key_lower[u] = key_upper[u] = broadcast(0.0);
    }
    for (std::uint32_t j = run.begin; j < run.end; ++j) {
      const LaneFlow f = table.flows[j];
      const LaneSensitivity s = table.sensitivities[j];
#pragma GCC unroll 2
      for (std::size_t u = 0; u < kSensitivityRegisters; ++u) {
        const Vector exponent =
            fused(z_upper[u], broadcast(f.upper), fused(z_lower[u], broadcast(f.lower), broadcast(f.shift)));
        const Vector e = clamped_exp(exponent);
        first[u] = fused(e, broadcast(f.first), first[u]);
        second[u] = fused(e, broadcast(f.second), second[u]);
        Vector shifted = e, twice = e;
        if (kCompounded) {
          const Vector v =
              clamped_exp(fused(z_upper[u], broadcast(s.rate_upper), z_lower[u] * broadcast(s.rate_lower)));
          shifted = e * v;
          twice = shifted * v;
        }
        convexity[u] = fused(twice, broadcast(s.convexity), convexity[u]);
        key_lower[u] = fused(shifted, broadcast(s.key_lower), key_lower[u]);
        key_upper[u] = fused(shifted, broadcast(s.key_upper), key_upper[u]);
      }
    }
    double* lower = key_rows + run.lower_key * lanes;
    double* upper = key_rows + run.upper_key * lanes;
    for (std::size_t u = 0; u < kSensitivityRegisters; ++u) {
      store(lower + u * kVectorLanes, load(lower + u * kVectorLanes) + key_lower[u]);
      store(upper + u * kVectorLanes, load(upper + u * kVectorLanes) + key_upper[u]);
    }
  }
  for (std::size_t u = 0; u < kSensitivityRegisters; ++u) {
    store(out + u * kVectorLanes, first[u]);
    store(out + lanes + u * kVectorLanes, second[u]);
    store(out + 2 * lanes + u * kVectorLanes, convexity[u]);
  }
}

}  // namespace

void discounted_sums_array(const FlowTable& table, const double* rates, std::size_t lanes, double* first_sum,
                           double* second_sum) {
  for (std::size_t lane = 0; lane < lanes; lane += kSumRegisters * kVectorLanes) {
    Vector first[kSumRegisters], second[kSumRegisters];
    for (std::size_t u = 0; u < kSumRegisters; ++u) first[u] = second[u] = broadcast(0.0);
    for (std::size_t k = 0; k < table.run_count; ++k) {
      const FlowRun run = table.runs[k];
      Vector z_lower[kSumRegisters], z_upper[kSumRegisters];
      for (std::size_t u = 0; u < kSumRegisters; ++u) {
        z_lower[u] = load(rates + run.lower_row * lanes + lane + u * kVectorLanes);
        z_upper[u] = load(rates + run.upper_row * lanes + lane + u * kVectorLanes);
      }
      for (std::uint32_t j = run.begin; j < run.end; ++j) {
        const LaneFlow f = table.flows[j];
#pragma GCC unroll 2
        for (std::size_t u = 0; u < kSumRegisters; ++u) {
          const Vector exponent =
              fused(z_upper[u], broadcast(f.upper), fused(z_lower[u], broadcast(f.lower), broadcast(f.shift)));
          const Vector e = clamped_exp(exponent);
          first[u] = fused(e, broadcast(f.first), first[u]);
          second[u] = fused(e, broadcast(f.second), second[u]);
        }
      }
    }
    for (std::size_t u = 0; u < kSumRegisters; ++u) {
      store(first_sum + lane + u * kVectorLanes, first[u]);
      store(second_sum + lane + u * kVectorLanes, second[u]);
    }
  }
}

/// out: rows of first and second sums, of convexity, and of the key rates; the key rates' rows start as zeros.
void sensitivity_sums_array(const FlowTable& table, const double* rates, std::size_t lanes, bool compounded,
                            double* out) {
  for (std::size_t lane = 0; lane < lanes; lane += kSensitivityRegisters * kVectorLanes) {
    if (compounded) {
      sensitivities_of_group<true>(table, rates + lane, lanes, out + lane, lanes);
    } else {
      sensitivities_of_group<false>(table, rates + lane, lanes, out + lane, lanes);
    }
  }
}

}  // namespace ballast::BALLAST_ISA
