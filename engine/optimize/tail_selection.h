#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scenarios/base/ranks.h"

namespace ballast {

/// A scenario's loss with its mass as a whole number: such masses add up exactly in any order, so that what is selected
/// by them does not depend on how many ranks hold the scenarios.
struct TailCandidate {
  double loss;
  std::uint64_t mass;
};

/// For each of `masses` the loss of the first scenario, from the worst, at which the mass counted from the worst
/// exceeds it; the smallest loss if none does. Over the candidates of all ranks, of which there is at least one; all
/// ranks call it. Histograms of the range that is left, 32 KB exchanged for each: one for all, then about two a mass.
std::vector<double> losses_at_masses(std::span<const TailCandidate> candidates, std::span<const std::uint64_t> masses,
                                     Ranks& ranks);

}  // namespace ballast
