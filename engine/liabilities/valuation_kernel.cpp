#include "engine/liabilities/valuation_kernel.h"

#include "scenarios/base/simd_vector_exp.h"

namespace ballast::BALLAST_ISA {
namespace {

// Lanes are worked through in groups of a few registers, all flows for one group before the next, so that the sums stay
// in registers. The order of a lane's additions is that of the flows, whatever the group.
constexpr std::size_t kGroup = 2;

/// Regular flows are continued from the last one for so many, then begun anew with exp: rounding grows with the square
/// of the number, to some 1e-14 here.
constexpr std::uint32_t kContinued = 16;

BALLAST_INLINE Vector exponent(const LaneFlow& f, Vector z_lower, Vector z_upper) {
  return fused(z_upper, broadcast(f.upper), fused(z_lower, broadcast(f.lower), broadcast(f.shift)));
}

BALLAST_INLINE Vector rate_exponent(const LaneSensitivity& s, Vector z_lower, Vector z_upper) {
  return fused(z_upper, broadcast(s.rate_upper), z_lower * broadcast(s.rate_lower));
}

/// e of the flow at hand in a run of regular flows, and what takes it to the next.
struct Progression {
  Vector e, ratio, ratio_of_ratios;
};

BALLAST_INLINE Progression begin_at(const LaneFlow* f, Vector z_lower, Vector z_upper) {
  const LaneFlow step = {f[1].lower - f[0].lower, f[1].upper - f[0].upper, f[1].shift - f[0].shift, 0, 0};
  const LaneFlow bend = {f[2].lower - f[1].lower - step.lower, f[2].upper - f[1].upper - step.upper,
                         f[2].shift - f[1].shift - step.shift, 0, 0};
  return {clamped_exp(exponent(f[0], z_lower, z_upper)), clamped_exp(exponent(step, z_lower, z_upper)),
          clamped_exp(exponent(bend, z_lower, z_upper))};
}

BALLAST_INLINE void advance(Progression& p) {
  p.e = p.e * p.ratio;
  p.ratio = p.ratio * p.ratio_of_ratios;
}

/// Where the segment that begins at `from` ends: no fewer than three flows are left for another.
BALLAST_INLINE std::uint32_t segment_end(const FlowRun& run, std::uint32_t from) {
  return run.end - from < kContinued + 3 ? run.end : from + kContinued;
}

/// The sums over one run: of amount x e, x time x e; and of full measures x time x e v, x time^2 x e v, and convexity.
struct RunSums {
  Vector value, timed, shifted, square, convexity;
};

template <bool kCompounded>
BALLAST_INLINE void add_flow(const LaneFlow& f, const LaneSensitivity& s, Vector e, Vector v, RunSums& sums) {
  sums.value = fused(e, broadcast(f.first), sums.value);
  sums.timed = fused(e, broadcast(f.second), sums.timed);
  if (kCompounded) {
    const Vector ev = e * v;
    sums.shifted = fused(ev, broadcast(f.second), sums.shifted);
    sums.square = fused(ev, broadcast(s.square), sums.square);
    sums.convexity = fused(ev * v, broadcast(s.convexity), sums.convexity);
  } else {
    sums.square = fused(e, broadcast(s.square), sums.square);
  }
}

template <bool kCompounded>
BALLAST_INLINE void sum_run(const FlowTable& table, const FlowRun& run, const Vector* z_lower, const Vector* z_upper,
                            RunSums* sums) {
  const LaneFlow* flows = table.flows;
  const LaneSensitivity* sensitivities = table.sensitivities;
  if (!run.regular) {
    for (std::uint32_t j = run.begin; j < run.end; ++j) {
#pragma GCC unroll 2
      for (std::size_t u = 0; u < kGroup; ++u) {
        const Vector e = clamped_exp(exponent(flows[j], z_lower[u], z_upper[u]));
        const Vector v =
            kCompounded ? clamped_exp(rate_exponent(sensitivities[j], z_lower[u], z_upper[u])) : broadcast(1.0);
        add_flow<kCompounded>(flows[j], sensitivities[j], e, v, sums[u]);
      }
    }
    return;
  }
  for (std::uint32_t from = run.begin; from < run.end;) {
    const std::uint32_t end = segment_end(run, from);
    Progression p[kGroup];
    Vector v[kGroup], v_ratio[kGroup];
#pragma GCC unroll 2
    for (std::size_t u = 0; u < kGroup; ++u) {
      p[u] = begin_at(flows + from, z_lower[u], z_upper[u]);
      if (kCompounded) {
        const LaneSensitivity &a = sensitivities[from], &b = sensitivities[from + 1];
        const LaneSensitivity step = {b.rate_lower - a.rate_lower, b.rate_upper - a.rate_upper, 0, 0};
        v[u] = clamped_exp(rate_exponent(a, z_lower[u], z_upper[u]));
        v_ratio[u] = clamped_exp(rate_exponent(step, z_lower[u], z_upper[u]));
      } else {
        v[u] = v_ratio[u] = broadcast(1.0);
      }
    }
    for (std::uint32_t j = from; j < end; ++j) {
      const LaneFlow f = flows[j];
      const LaneSensitivity s = sensitivities[j];
#pragma GCC unroll 2
      for (std::size_t u = 0; u < kGroup; ++u) {
        add_flow<kCompounded>(f, s, p[u].e, v[u], sums[u]);
        advance(p[u]);
        if (kCompounded) v[u] = v[u] * v_ratio[u];
      }
    }
    from = end;
  }
}

template <bool kCompounded>
BALLAST_INLINE void sensitivities_of_group(const FlowTable& table, const double* rates, std::size_t stride, double* out,
                                           std::size_t lanes) {
  Vector first[kGroup], second[kGroup], convexity[kGroup];
  for (std::size_t u = 0; u < kGroup; ++u) first[u] = second[u] = convexity[u] = broadcast(0.0);
  double* key_rows = out + 3 * lanes;
  for (std::size_t k = 0; k < table.run_count; ++k) {
    const FlowRun run = table.runs[k];
    Vector z_lower[kGroup], z_upper[kGroup];
    RunSums sums[kGroup];
    for (std::size_t u = 0; u < kGroup; ++u) {
      z_lower[u] = load(rates + run.lower_row * stride + u * kVectorLanes);
      z_upper[u] = load(rates + run.upper_row * stride + u * kVectorLanes);
      sums[u].value = sums[u].timed = sums[u].shifted = sums[u].square = sums[u].convexity = broadcast(0.0);
    }
    sum_run<kCompounded>(table, run, z_lower, z_upper, sums);
    double* lower = key_rows + run.lower_key * lanes;
    double* upper = key_rows + run.upper_key * lanes;
    for (std::size_t u = 0; u < kGroup; ++u) {
      const Vector shifted = kCompounded ? sums[u].shifted : sums[u].timed;
      const Vector on_upper = fused(sums[u].square, broadcast(run.key_slope), shifted * broadcast(run.key_level));
      first[u] = first[u] + sums[u].value;
      second[u] = second[u] + sums[u].timed;
      convexity[u] = convexity[u] + (kCompounded ? sums[u].convexity : sums[u].square);
      store(lower + u * kVectorLanes, load(lower + u * kVectorLanes) + (shifted - on_upper));
      store(upper + u * kVectorLanes, load(upper + u * kVectorLanes) + on_upper);
    }
  }
  for (std::size_t u = 0; u < kGroup; ++u) {
    store(out + u * kVectorLanes, first[u]);
    store(out + lanes + u * kVectorLanes, second[u]);
    store(out + 2 * lanes + u * kVectorLanes, convexity[u]);
  }
}

}  // namespace

void discounted_sums_array(const FlowTable& table, const double* rates, std::size_t lanes, double* first_sum,
                           double* second_sum) {
  for (std::size_t lane = 0; lane < lanes; lane += kGroup * kVectorLanes) {
    Vector first[kGroup], second[kGroup];
    for (std::size_t u = 0; u < kGroup; ++u) first[u] = second[u] = broadcast(0.0);
    for (std::size_t k = 0; k < table.run_count; ++k) {
      const FlowRun run = table.runs[k];
      Vector z_lower[kGroup], z_upper[kGroup], value[kGroup], timed[kGroup];
      for (std::size_t u = 0; u < kGroup; ++u) {
        z_lower[u] = load(rates + run.lower_row * lanes + lane + u * kVectorLanes);
        z_upper[u] = load(rates + run.upper_row * lanes + lane + u * kVectorLanes);
        value[u] = timed[u] = broadcast(0.0);
      }
      if (run.regular) {
        for (std::uint32_t from = run.begin; from < run.end;) {
          const std::uint32_t end = segment_end(run, from);
          Progression p[kGroup];
#pragma GCC unroll 2
          for (std::size_t u = 0; u < kGroup; ++u) p[u] = begin_at(table.flows + from, z_lower[u], z_upper[u]);
          for (std::uint32_t j = from; j < end; ++j) {
            const LaneFlow f = table.flows[j];
#pragma GCC unroll 2
            for (std::size_t u = 0; u < kGroup; ++u) {
              value[u] = fused(p[u].e, broadcast(f.first), value[u]);
              timed[u] = fused(p[u].e, broadcast(f.second), timed[u]);
              advance(p[u]);
            }
          }
          from = end;
        }
      } else {
        for (std::uint32_t j = run.begin; j < run.end; ++j) {
          const LaneFlow f = table.flows[j];
#pragma GCC unroll 2
          for (std::size_t u = 0; u < kGroup; ++u) {
            const Vector e = clamped_exp(exponent(f, z_lower[u], z_upper[u]));
            value[u] = fused(e, broadcast(f.first), value[u]);
            timed[u] = fused(e, broadcast(f.second), timed[u]);
          }
        }
      }
      for (std::size_t u = 0; u < kGroup; ++u) {
        first[u] = first[u] + value[u];
        second[u] = second[u] + timed[u];
      }
    }
    for (std::size_t u = 0; u < kGroup; ++u) {
      store(first_sum + lane + u * kVectorLanes, first[u]);
      store(second_sum + lane + u * kVectorLanes, second[u]);
    }
  }
}

/// out: rows of first and second sums, of convexity, and of the key rates; the key rates' rows start as zeros.
void sensitivity_sums_array(const FlowTable& table, const double* rates, std::size_t lanes, bool compounded,
                            double* out) {
  for (std::size_t lane = 0; lane < lanes; lane += kGroup * kVectorLanes) {
    if (compounded) {
      sensitivities_of_group<true>(table, rates + lane, lanes, out + lane, lanes);
    } else {
      sensitivities_of_group<false>(table, rates + lane, lanes, out + lane, lanes);
    }
  }
}

}  // namespace ballast::BALLAST_ISA
