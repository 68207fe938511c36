#include "engine/optimize/scenario_sample.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "engine/optimize/tail_selection.h"
#include "scenarios/base/lanes.h"

namespace ballast {
namespace {

constexpr double kMissing = ScenarioSample::kMissing;

/// Masses as whole numbers: scenarios of equal probability count 1, others in 2^-60 of the whole.
class WholeMass {
 public:
  explicit WholeMass(const ScenarioSample& sample)
      : sample_(sample), scale_(sample.equal() ? 1.0 : std::ldexp(1.0, 60) / sample.total_mass()) {}
  std::uint64_t of(double mass) const { return std::uint64_t(std::floor(mass * scale_)); }
  std::uint64_t at(std::int64_t position) const { return std::uint64_t(std::llround(sample_.mass(position) * scale_)); }

 private:
  const ScenarioSample& sample_;
  double scale_;
};

/// A loss that about `mass` of the sample exceeds, from every k-th loss here, on the safe side.
double threshold(const ScenarioSample& sample, const Losses& losses, double mass) {
  const double part = mass / sample.total_mass();
  if (losses.size() < 4096 || part > 0.9) return kMissing;
  const std::size_t wanted_count = losses.size() < 65536 ? 1024 : 4096, stride = losses.size() / wanted_count | 1;
  std::vector<std::pair<double, double>> drawn;
  double total = 0.0;
  for (std::size_t j = 0; j < losses.size(); j += stride) {
    if (losses[j] == kMissing) continue;
    drawn.emplace_back(losses[j], sample.mass(std::int64_t(j)));
    total += drawn.back().second;
  }
  std::sort(drawn.begin(), drawn.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const double count = double(drawn.size());
  const double wanted = total * (part + 5.0 * std::sqrt(part / count) + 8.0 / count);
  double sum = 0.0;
  for (const auto& [loss, m] : drawn) {
    sum += m;
    if (sum >= wanted) return loss;
  }
  return kMissing;
}

/// The scenarios with the largest losses, holding more than `mass` everywhere (or all).
std::vector<TailCandidate> worst_candidates(const ScenarioSample& sample, const Losses& losses, double mass) {
  const WholeMass whole(sample);
  double least =
      sample.ranks().least(losses.empty() ? std::numeric_limits<double>::infinity() : threshold(sample, losses, mass));
  while (true) {
    std::vector<TailCandidate> found;
    std::uint64_t sum = 0;
    const auto near = positions_where(losses.size(), [&](std::size_t j) { return losses[j] >= least; });
    found.reserve(near.size());
    for (std::int64_t j : near) {
      const double loss = losses[std::size_t(j)];
      const std::uint64_t m = loss == kMissing ? 0 : whole.at(j);
      if (m > 0) found.push_back({loss, m});
      sum += m;
    }
    sample.ranks().sum({&sum, 1});
    if (least == kMissing || sum > whole.of(mass)) return found;
    least = kMissing;
  }
}

}  // namespace

std::size_t ScenarioSample::blocks_of(const ScenarioSet& set) {
  return (set.everywhere() + kBlockScenarios - 1) / kBlockScenarios;
}

ScenarioSample::ScenarioSample(const ScenarioSet& set, std::size_t count, double confidence)
    : set_(set), blocks_(set, count), equal_(ranks().largest(set.probability.empty() ? 0.0 : 1.0) == 0.0) {
  if (equal_) {
    total_mass_ = double(blocks_.scenarios_everywhere());
  } else {
    total_mass_ = blocks_.sums(1, [&](std::size_t k, double* sum) {
      const auto [begin, size] = blocks_[k];
      for (std::size_t s = begin; s < begin + size; ++s) *sum += set_.probability[s];
    })[0];
  }
  tail_mass_ = (1.0 - confidence) * total_mass_;
}

std::size_t ScenarioSample::positions() const { return blocks_.here() * kBlockScenarios; }

std::int64_t ScenarioSample::scenario(std::int64_t position) const {
  const std::size_t p = std::size_t(position);
  return std::int64_t(blocks_[p / kBlockScenarios].begin + p % kBlockScenarios);
}

double ScenarioSample::scan(const Eigen::VectorXd& weights, Losses& losses) const {
  return scan(weights, nullptr, losses, nullptr).absolute_loss;
}

ScenarioSample::Means ScenarioSample::scan(const Eigen::VectorXd& weights, const Eigen::VectorXd& movable,
                                           Losses& losses, Spreads& spreads) const {
  spreads.resize(positions());
  return scan(weights, movable.data(), losses, spreads.data());
}

ScenarioSample::Means ScenarioSample::scan(const Eigen::VectorXd& weights, const double* movable, Losses& losses,
                                           float* spreads) const {
  losses.resize(positions());
  const std::vector<double> sums = blocks_.sums(2, [&](std::size_t k, double* sum) {
    const auto [begin, size] = blocks_[k];
    double* block = &losses[k * kBlockScenarios];
    if (spreads == nullptr) {
      row_losses(set_, begin, size, weights.data(), block);
    } else {
      float* block_spreads = spreads + k * kBlockScenarios;
      row_losses_and_spreads(set_, begin, size, weights.data(), movable, block, block_spreads);
      for (std::size_t j = 0; j < size; ++j) sum[1] += set_.mass_of(begin + j) * double(block_spreads[j]);
    }
    std::fill(block + size, block + kBlockScenarios, kMissing);
    for (std::size_t j = 0; j < size; ++j) sum[0] += set_.mass_of(begin + j) * std::abs(block[j]);
    set_.release(begin, size);
  });
  if (!std::isfinite(sums[0])) check_scenarios(set_);
  return {sums[0] / total_mass_, sums[1] / total_mass_};
}

TailEdges ScenarioSample::edges(const Losses& losses, double half_width) const {
  const WholeMass whole(*this);
  // (1 - 0.9) x 10 is a little below 1 in binary: without the margin the worst scenario alone would not fill the tail.
  const double tail = tail_mass_ * (1.0 + 1e-12);
  const double above = (1.0 - std::min(half_width, 0.999)) * tail_mass_;
  const double below = std::min((1.0 + half_width) * tail_mass_, total_mass_);
  const double kept = std::min(TailEdges::kFloorMass * tail_mass_, total_mass_);
  const std::vector<TailCandidate> candidates = worst_candidates(*this, losses, std::max(below, kept));
  const std::uint64_t masses[] = {whole.of(tail), whole.of(below), whole.of(above), whole.of(kept)};
  const std::vector<double> at = losses_at_masses(candidates, masses, ranks());
  TailEdges edges;
  edges.var = at[0];
  edges.low = half_width > 0.0 ? std::min(edges.var, at[1]) : edges.var;
  if (half_width < 0.999) edges.high = half_width > 0.0 ? std::max(edges.var, at[2]) : edges.var;
  edges.floor = at[3];
  double worst = kMissing;
  for (const TailCandidate& c : candidates) worst = std::max(worst, c.loss);
  edges.worst = ranks().largest(worst);
  const std::vector<double> beyond = blocks_.sums(2, [&](std::size_t k, double* sum) {
    const double* block = &losses[k * kBlockScenarios];
    for (std::size_t j = 0; j < kBlockScenarios; ++j) {
      if (!(block[j] > edges.var)) continue;
      const double m = mass(std::int64_t(k * kBlockScenarios + j));
      sum[0] += m;
      sum[1] += m * block[j];
    }
  });
  edges.cvar = (beyond[1] + std::max(0.0, tail_mass_ - beyond[0]) * edges.var) / tail_mass_;
  return edges;
}

}  // namespace ballast
