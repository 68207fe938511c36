#include "engine/optimize/tail_selection.h"

#include <algorithm>
#include <limits>

namespace ballast {
namespace {

constexpr std::size_t kBins = 4096;
constexpr double kNone = std::numeric_limits<double>::infinity();

/// The mass of candidates by their loss, over the range that all ranks' candidates have.
class LossHistogram {
 public:
  LossHistogram(std::span<const TailCandidate> candidates, Ranks& ranks) : filled_(kBins) {
    double low = kNone, high = -kNone;
    for (const TailCandidate& c : candidates) {
      low = std::min(low, c.loss);
      high = std::max(high, c.loss);
    }
    low_ = ranks.least(low);
    high_ = ranks.largest(high);
    if (single()) return;
    for (const TailCandidate& c : candidates) filled_[bin(c.loss)] += c.mass;
    ranks.sum(filled_);
  }

  bool single() const { return !(low_ < high_); }  ///< one loss throughout
  double low() const { return low_; }

  /// Division and rounding keep the order, so that bins hold whole ranges of losses; the ends never share one.
  std::size_t bin(double loss) const {
    const double share = (0.5 * loss - 0.5 * low_) / (0.5 * high_ - 0.5 * low_);  // halves: the range may be huge
    return std::min(kBins - 1, std::size_t(share * double(kBins)));
  }

  /// The bin in which the mass from the worst exceeds `mass`, from which what is worse than the bin is taken; the last
  /// filled one if none does.
  std::size_t bin_at(std::uint64_t& mass) const {
    std::size_t at = kBins - 1, last = kBins - 1;
    for (;; --at) {
      if (filled_[at] > 0) last = at;
      if (filled_[at] > mass || at == 0) break;
      mass -= filled_[at];
    }
    return filled_[at] > mass ? at : last;
  }

 private:
  double low_, high_;
  std::vector<std::uint64_t> filled_;
};

double loss_at_mass(std::vector<TailCandidate> candidates, std::uint64_t mass, Ranks& ranks) {
  while (true) {
    const LossHistogram histogram(candidates, ranks);
    if (histogram.single()) return histogram.low();
    const std::size_t at = histogram.bin_at(mass);
    std::erase_if(candidates, [&](const TailCandidate& c) { return histogram.bin(c.loss) != at; });
  }
}

}  // namespace

std::vector<double> losses_at_masses(std::span<const TailCandidate> candidates, std::span<const std::uint64_t> masses,
                                     Ranks& ranks) {
  const LossHistogram histogram(candidates, ranks);
  std::vector<double> losses(masses.size(), histogram.low());
  if (histogram.single()) return losses;
  std::vector<std::uint64_t> left(masses.begin(), masses.end());
  std::vector<std::size_t> at;
  for (std::uint64_t& mass : left) at.push_back(histogram.bin_at(mass));
  std::vector<std::vector<TailCandidate>> in_bin(masses.size());
  for (const TailCandidate& c : candidates) {
    const std::size_t bin = histogram.bin(c.loss);
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (at[k] == bin) in_bin[k].push_back(c);
    }
  }
  for (std::size_t k = 0; k < at.size(); ++k) losses[k] = loss_at_mass(std::move(in_bin[k]), left[k], ranks);
  return losses;
}

}  // namespace ballast
