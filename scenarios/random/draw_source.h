#pragma once

#include <cstdint>
#include <memory>

#include "scenarios/random/sampling.h"
#include "scenarios/random/sequence.h"

namespace ballast {

class ScrambledSobol;

/// What a scenario does with its draws, which Sobol points must know: some draws before the first step, then as many in
/// each step, of which the first ones are taken as normals and nothing else.
struct DrawLayout {
  std::uint64_t draws = 0;  ///< of a whole scenario: D of the random-number rule
  std::uint64_t before_steps = 0;
  std::uint64_t per_step = 0;          ///< 0: no steps are known, the draws are a plain list
  std::uint64_t normals_per_step = 0;  ///< the first ones of each step
  int steps = 0;
};

/// The numbers of one set of scenarios: a PCG sequence and the way of sampling from it. Cheap to copy; copies share the
/// Sobol tables, which are made at their first use.
class DrawSource {
 public:
  /// Independent draws.
  DrawSource(const PcgSequence& sequence);  // NOLINT: implicit, a sequence is the plainest source
  DrawSource(std::uint64_t seed, Sequence set, const SamplingParameters& sampling);

  const PcgSequence& sequence() const { return sequence_; }
  const SamplingParameters& sampling() const { return sampling_; }
  Replications replications() const { return Replications(sampling_); }

  /// At least that many dimensions, or all that there are.
  std::shared_ptr<const ScrambledSobol> sobol(std::uint64_t dimensions) const;

 private:
  struct Tables;
  PcgSequence sequence_;
  SamplingParameters sampling_;
  std::shared_ptr<Tables> tables_;
};

}  // namespace ballast
