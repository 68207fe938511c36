#include "engine/optimize/loss_screen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "engine/optimize/loss_scan.h"
#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"

namespace ballast {

using Eigen::VectorXd;

void LossScreen::scan(const VectorXd& weights, const VectorXd& movable, Losses& losses) {
  const bool same_spreads = scanned() && movable == movable_;
  weights_ = weights.head(long(sample_.set().assets));
  movable_ = movable;
  if (same_spreads) {
    mean_absolute_ = sample_.scan(weights_, losses);
    return;
  }
  const ScenarioSample::Means means = sample_.scan(weights_, movable_, losses, spreads_);
  mean_absolute_ = means.absolute_loss;
  mean_spread_ = means.spread;
}

void LossScreen::rescan(const VectorXd& weights, double floor, const VectorXd& movable, Losses& losses) {
  const VectorXd next = weights.head(weights_.size()), step = next - weights_;
  const double length = step.norm();
  const bool moves_others = (movable_.array() == 0.0 && step.array() != 0.0).any();
  if (moves_others || std::abs(step.sum()) > kSumless * length) return scan(weights, movable, losses);
  const double reach = length * (1.0 + 1e-9);
  // Losses themselves are rounded: what lies a billionth below the floor is computed as well.
  const double needed = floor - 1e-9 * (std::abs(floor) + mean_absolute_);
  // One row after another is read faster than rows here and there: a look at some says which is better.
  constexpr std::size_t kStride = 61;
  std::uint64_t looked[2] = {0, 0};  // scenarios of each block, however many ranks there are; those near the tail
  for (std::size_t block = 0; block < losses.size(); block += kBlockScenarios) {
    for (std::size_t k = 0; k < kBlockScenarios; k += kStride) {
      ++looked[0];
      looked[1] += losses[block + k] + reach * double(spreads_[block + k]) >= needed;
    }
  }
  sample_.ranks().sum(looked);
  if (2 * looked[1] > looked[0]) return scan(weights, movable, losses);
  const ScenarioSet& set = sample_.set();
  parallel_for(sample_.blocks().here(), [&](std::size_t block) {
    const auto [scenario, size] = sample_.blocks()[block];
    double* block_losses = &losses[block * kBlockScenarios];
    const float* block_spreads = &spreads_[block * kBlockScenarios];
    std::array<std::uint16_t, kBlockScenarios> near;
    std::size_t count = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const double most = block_losses[k] + reach * double(block_spreads[k]);
      near[count] = std::uint16_t(k);
      count += most >= needed;
      block_losses[k] = most;
    }
    row_losses_of(set, scenario, {near.data(), count}, next.data(), block_losses);
    set.release(scenario, size);
  });
  weights_ = next;
  mean_absolute_ += reach * mean_spread_;
}

}  // namespace ballast
