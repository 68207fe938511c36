#include "engine/optimize/shared_blocks.h"

#include <algorithm>

#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// So that what ranks exchange for a sum stays small: at most this many partial sums.
constexpr std::size_t kMostGroups = 4096;

std::size_t blocks_in(std::size_t scenarios) { return (scenarios + kBlockScenarios - 1) / kBlockScenarios; }
std::size_t group_size(std::size_t blocks) {
  return std::max<std::size_t>(1, (blocks + kMostGroups - 1) / kMostGroups);
}

}  // namespace

SharedBlocks::SharedBlocks(const ScenarioSet& set) : SharedBlocks(set, blocks_in(set.everywhere())) {}

SharedBlocks::SharedBlocks(const ScenarioSet& set, std::size_t count)
    : set_(set), blocks_(blocks_in(set.everywhere())), count_(count), group_(group_size(blocks_)) {
  const std::size_t first = set.share.first / kBlockScenarios, end = first + blocks_in(set.scenarios);
  while (begin_ < count_ && block_of(begin_) < first) ++begin_;
  for (end_ = begin_; end_ < count_ && block_of(end_) < end;) ++end_;
}

SharedBlocks::Block SharedBlocks::operator[](std::size_t k) const {
  const std::size_t begin = block_of(begin_ + k) * kBlockScenarios - set_.share.first;
  return {begin, std::min(kBlockScenarios, set_.scenarios - begin)};
}

std::size_t SharedBlocks::scenarios_everywhere() const {
  // Only the set's last block may be short.
  const std::size_t missing = blocks_ * kBlockScenarios - set_.everywhere();
  const bool with_last = count_ > 0 && block_of(count_ - 1) == blocks_ - 1;
  return count_ * kBlockScenarios - (with_last ? missing : 0);
}

std::vector<double> SharedBlocks::sums(std::size_t width, const std::function<void(std::size_t, double*)>& add) const {
  std::vector<std::size_t> starts;  // of the groups here
  for (std::size_t k = begin_; k < end_; ++k) {
    if (k == begin_ || group_of(k) != group_of(k - 1)) starts.push_back(k - begin_);
  }
  starts.push_back(here());
  std::vector<double> parts((starts.size() - 1) * width, 0.0);
  parallel_for(starts.size() - 1, [&](std::size_t group) {
    for (std::size_t k = starts[group]; k < starts[group + 1]; ++k) add(k, &parts[group * width]);
  });
  parts = ranks().gather_everywhere(std::move(parts));
  std::vector<double> total(width, 0.0);
  for (std::size_t at = 0; at < parts.size(); at += width) {
    for (std::size_t i = 0; i < width; ++i) total[i] += parts[at + i];
  }
  return total;
}

RankPart SharedBlocks::part_of_set(const Ranks& ranks, std::size_t scenarios) {
  const std::size_t blocks = blocks_in(scenarios), size = group_size(blocks);
  const RankPart groups = part_of(ranks, (blocks + size - 1) / size);
  auto scenario = [&](std::size_t group) { return std::min(scenarios, group * size * kBlockScenarios); };
  return {scenario(groups.begin), scenario(groups.end)};
}

}  // namespace ballast
