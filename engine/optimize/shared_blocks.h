#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/optimize/problem.h"
#include "scenarios/base/ranks.h"

namespace ballast {

/// The blocks of a scenario set, or evenly spread ones of them, as the ranks hold them, and sums over them that have
/// the same bits however many ranks there are: blocks are added up in order within groups of a fixed number of
/// neighbours, then the groups in order. A rank holds whole groups.
class SharedBlocks {
 public:
  /// All blocks, or `count` of them.
  explicit SharedBlocks(const ScenarioSet& set);
  SharedBlocks(const ScenarioSet& set, std::size_t count);

  struct Block {
    std::size_t begin, size;  ///< its scenarios among those held here
  };
  std::size_t everywhere() const { return count_; }   ///< blocks of all ranks
  std::size_t here() const { return end_ - begin_; }  ///< blocks of this rank
  Block operator[](std::size_t k) const;              ///< the k-th here
  std::size_t scenarios_everywhere() const;           ///< in the blocks of all ranks
  Ranks& ranks() const { return *set_.share.ranks_or_alone(); }

  /// add(k, sums) adds the k-th block's part to `width` numbers; returns the sums over all blocks, on every rank.
  std::vector<double> sums(std::size_t width, const std::function<void(std::size_t k, double* sums)>& add) const;

  /// The scenarios of `scenarios` that a rank holds.
  static RankPart part_of_set(const Ranks& ranks, std::size_t scenarios);

 private:
  std::size_t block_of(std::size_t k) const { return k * blocks_ / count_; }  ///< of the set, for the sample's k-th
  std::size_t group_of(std::size_t k) const { return block_of(k) / group_; }

  const ScenarioSet& set_;
  std::size_t blocks_, count_;       ///< of the whole set; of the sample
  std::size_t group_;                ///< blocks in a group
  std::size_t begin_ = 0, end_ = 0;  ///< of the sample's blocks, those here
};

}  // namespace ballast
