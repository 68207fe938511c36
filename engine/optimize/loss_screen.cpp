#include "engine/optimize/loss_screen.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"

namespace ballast {

using Eigen::VectorXd;

void LossScreen::scan(const VectorXd& weights, std::vector<double>& losses) {
  weights_ = weights.head(long(sample_.set().assets));
  if (!spreads_.empty()) {
    mean_absolute_ = sample_.scan(weights_, losses);
    return;
  }
  mean_absolute_ = sample_.scan(weights_, losses, spreads_);
  double sums[Slices::kCount] = {};
  Slices{losses.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    for (std::size_t j = begin; j < end; ++j) {
      if (losses[j] != ScenarioSample::kMissing) sums[slice] += sample_.mass(std::int64_t(j)) * double(spreads_[j]);
    }
  });
  for (double sum : sums) mean_spread_ += sum / sample_.total_mass();
}

void LossScreen::rescan(const VectorXd& weights, double floor, std::vector<double>& losses) {
  const VectorXd next = weights.head(weights_.size()), step = next - weights_;
  const double length = step.norm();
  if (std::abs(step.sum()) > kSumless * length) return scan(weights, losses);
  const double reach = length * (1.0 + 1e-9);
  // Losses themselves are rounded: what lies a billionth below the floor is computed as well.
  const double needed = floor - 1e-9 * (std::abs(floor) + mean_absolute_);
  // One row after another is read faster than rows here and there: a look at some says which is better.
  constexpr std::size_t kStride = 61;
  std::size_t looked = 0, near = 0;
  for (std::size_t j = 0; j < losses.size(); j += kStride) {
    ++looked;
    near += losses[j] + reach * double(spreads_[j]) >= needed;
  }
  if (2 * near > looked) return scan(weights, losses);
  const ScenarioSet& set = sample_.set();
  parallel_for(losses.size() / kBlockScenarios, [&](std::size_t block) {
    const std::size_t begin = block * kBlockScenarios, scenario = std::size_t(sample_.scenario(std::int64_t(begin)));
    for (std::size_t k = 0; k < kBlockScenarios; ++k) {
      double& loss = losses[begin + k];
      const double most = loss + reach * double(spreads_[begin + k]);  // missing ones stay so
      if (most < needed) {
        loss = most;
      } else {
        row_losses(set, scenario + k, 1, next.data(), &loss);
      }
    }
    set.release(scenario, std::min(kBlockScenarios, set.scenarios - scenario));
  });
  weights_ = next;
  mean_absolute_ += reach * mean_spread_;
}

}  // namespace ballast
