#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/optimize/problem.h"

namespace ballast {

/// losses[k] = loss of scenario begin + k for k < count, at `weights` (one an asset). One pass over the rows; each
/// row's sum has one fixed order, so a loss has the same bits in every call.
void row_losses(const ScenarioSet& set, std::size_t begin, std::size_t count, const double* weights, double* losses);

/// The same for some of the scenarios only: losses[k] for every k of `some`, which rise, of the scenario begin + k.
void row_losses_of(const ScenarioSet& set, std::size_t begin, std::span<const std::uint16_t> some,
                   const double* weights, double* losses);

/// Asks memory for a scenario's growths that are read soon, best kRowsAhead rows before: rows here and there are not
/// foreseen by the processor. Into the second cache, which waits for more lines at a time than the first: twice as
/// fast.
inline constexpr std::size_t kRowsAhead = 4;
inline void prefetch_row(const double* row, std::size_t assets) {
  constexpr std::size_t kLine = 64 / sizeof(double);
  for (std::size_t i = 0; i < assets; i += kLine) __builtin_prefetch(row + i, 0, 2);
}

/// A step d of the weights keeps their sum when |sum d| <= kSumless ||d||.
inline constexpr double kSumless = 1e-8;

/// The same losses, and by how much a step d that keeps the weights' sum can move each, at most, over ||d||: the
/// distance of the row's growths from their mean (Cauchy & Schwarz). Of the assets with movable[i] = 1 only, which a
/// step may change; the others have a 0.
void row_losses_and_spreads(const ScenarioSet& set, std::size_t begin, std::size_t count, const double* weights,
                            const double* movable, double* losses, float* spreads);

/// The losses of all scenarios, in parallel.
void scan_losses(const ScenarioSet& set, const double* weights, double* losses);

}  // namespace ballast
