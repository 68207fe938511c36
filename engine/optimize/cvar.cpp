#include "engine/optimize/cvar.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/optimize/loss_scan.h"
#include "scenarios/base/error.h"

namespace ballast {

std::size_t split_at_mass(std::vector<TailEntry>& entries, std::size_t from, std::size_t to, double mass) {
  std::size_t low = from, high = to;
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    std::nth_element(entries.begin() + long(low), entries.begin() + long(middle), entries.begin() + long(high), worse);
    double before = 0.0;
    for (std::size_t k = low; k < middle; ++k) before += entries[k].mass;
    if (before > mass) {
      high = middle;
    } else {
      mass -= before;
      low = middle;
    }
  }
  return low;
}

TailSplit split_tail(std::vector<TailEntry>& entries, double tail_mass) {
  TailSplit split;
  // (1 - 0.9) x 10 is a little below 1 in binary: without the margin the worst scenario alone would not fill the tail.
  split.atom = split_at_mass(entries, 0, entries.size(), tail_mass * (1.0 + 1e-12));
  double mass = 0.0, sum = 0.0;
  for (std::size_t k = 0; k < split.atom; ++k) {
    mass += entries[k].mass;
    sum += entries[k].mass * entries[k].loss;
  }
  split.var = entries[split.atom].loss;
  split.cvar = (sum + std::max(0.0, tail_mass - mass) * split.var) / tail_mass;
  return split;
}

TailRisk tail_risk(const ScenarioSet& set, std::span<const double> weights, double confidence) {
  if (!(confidence >= 0.0 && confidence < 1.0)) {
    throw key_error("confidence", fmt::format("{} is not a confidence level (0 <= confidence < 1)", confidence));
  }
  check_scenarios(set);
  if (weights.size() != set.assets) {
    throw key_error("weights",
                    fmt::format("{} weights for {} assets (one each is needed)", weights.size(), set.assets));
  }
  std::vector<double> losses(set.scenarios);
  scan_losses(set, weights.data(), losses.data());
  std::vector<TailEntry> entries;
  entries.reserve(set.scenarios);
  double total = 0.0, sum = 0.0;
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    const double mass = set.mass_of(s);
    if (mass > 0.0) entries.push_back({losses[s], mass, std::int64_t(s)});
    total += mass;
    sum += mass * losses[s];
  }
  const TailSplit split = split_tail(entries, (1.0 - confidence) * total);
  return {split.var, split.cvar, sum / total};
}

}  // namespace ballast
