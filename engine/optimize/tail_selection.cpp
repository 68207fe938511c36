#include "engine/optimize/tail_selection.h"

#include <algorithm>
#include <limits>

namespace ballast {
namespace {

constexpr std::size_t kBins = 4096;
constexpr double kNone = std::numeric_limits<double>::infinity();

}  // namespace

double loss_at_mass(std::vector<TailCandidate> candidates, std::uint64_t mass, Ranks& ranks) {
  std::vector<std::uint64_t> filled(kBins);
  while (true) {
    double low = kNone, high = -kNone;
    for (const TailCandidate& c : candidates) {
      low = std::min(low, c.loss);
      high = std::max(high, c.loss);
    }
    low = ranks.least(low);
    high = ranks.largest(high);
    if (!(low < high)) return low;
    // Division and rounding keep the order, so that bins hold whole ranges of losses; the ends never share one.
    auto bin = [&](double loss) {
      const double share = (0.5 * loss - 0.5 * low) / (0.5 * high - 0.5 * low);  // halves: the range may be huge
      return std::min(kBins - 1, std::size_t(share * double(kBins)));
    };
    std::fill(filled.begin(), filled.end(), 0);
    for (const TailCandidate& c : candidates) filled[bin(c.loss)] += c.mass;
    ranks.sum(filled);
    std::size_t at = kBins - 1, last = kBins - 1;
    for (;; --at) {
      if (filled[at] > 0) last = at;
      if (filled[at] > mass || at == 0) break;
      mass -= filled[at];
    }
    if (filled[at] <= mass) at = last;  // all of it is not enough: the smallest
    std::erase_if(candidates, [&](const TailCandidate& c) { return bin(c.loss) != at; });
  }
}

}  // namespace ballast
