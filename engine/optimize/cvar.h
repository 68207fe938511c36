#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/optimize/problem.h"

namespace ballast {

struct TailRisk {
  double var = 0.0;        ///< the smallest x with P(loss <= x) >= confidence
  double cvar = 0.0;       ///< the mean of the worst 1 - confidence, the atom at VaR split
  double mean_loss = 0.0;  ///< by probability
};

/// VaR and CVaR of the loss of weights `weights` (one an asset) at 0 <= confidence < 1, exactly: no smoothing, no
/// rounding of (1 - confidence) x scenarios to a whole number (Rockafellar & Uryasev 2002, proposition 8).
TailRisk tail_risk(const ScenarioSet& set, std::span<const double> weights, double confidence);

/// A scenario with its loss and its mass: what the selection works on.
struct TailEntry {
  double loss;
  double mass;
  std::int64_t id;
};

/// The total order of losses: larger first, ties by scenario.
inline bool worse(const TailEntry& a, const TailEntry& b) { return a.loss != b.loss ? a.loss > b.loss : a.id < b.id; }

/// Weighted selection in linear time: reorders entries[from, to) so that what is before the returned index is worse
/// than it and what follows is not, the index being the first at which the mass counted from `from` exceeds `mass` (the
/// last index if none does).
std::size_t split_at_mass(std::vector<TailEntry>& entries, std::size_t from, std::size_t to, double mass);

/// The tail of a weighted sample: entries[0, atom) lie beyond VaR, entries[atom] is the atom at VaR.
struct TailSplit {
  std::size_t atom = 0;
  double var = 0.0;
  double cvar = 0.0;
};

/// Splits `entries`, which must hold at least the worst `tail_mass` of the sample.
TailSplit split_tail(std::vector<TailEntry>& entries, double tail_mass);

}  // namespace ballast
