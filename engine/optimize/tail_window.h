#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/problem.h"
#include "engine/optimize/shared_blocks.h"

namespace ballast {

/// The tail of a sample at some weights, and the losses at which a window around VaR ends.
struct TailEdges {
  double var = 0.0, cvar = 0.0;
  double low = 0.0;        ///< (1 + half_width) of the tail's mass is worse
  double high = kNoLimit;  ///< (1 - half_width) of it; kNoLimit: none is left
  double worst = 0.0;      ///< the largest loss
};

/// Every k-th block of the scenarios, the whole set being one such sample. Positions count the scenarios of the
/// sample's blocks that this rank holds, a short block's missing ones included, so that position -> scenario is
/// arithmetic. Of several ranks all call each function at once, and get the same.
class ScenarioSample {
 public:
  /// `count` of the set's blocks, evenly spread.
  ScenarioSample(const ScenarioSet& set, std::size_t count, double confidence);
  static std::size_t blocks_of(const ScenarioSet& set);

  const ScenarioSet& set() const { return set_; }
  const SharedBlocks& blocks() const { return blocks_; }
  Ranks& ranks() const { return blocks_.ranks(); }
  std::size_t positions() const;  ///< here
  std::size_t scenarios_everywhere() const { return blocks_.scenarios_everywhere(); }
  std::int64_t scenario(std::int64_t position) const;
  double mass(std::int64_t position) const {
    return set_.probability.empty() ? 1.0 : set_.probability[std::size_t(scenario(position))];
  }
  double tail_mass() const { return tail_mass_; }  ///< (1 - confidence) x total_mass
  double total_mass() const { return total_mass_; }
  /// Whether all scenarios of all ranks have the same mass, 1. A rank without scenarios has no probabilities to tell
  /// by.
  bool equal() const { return equal_; }

  static constexpr double kMissing = -std::numeric_limits<double>::infinity();  ///< loss of a position without one

  /// Losses at `weights` by position, and their mean absolute value. Throws InputError, naming it, where a number of
  /// the scenarios is not finite.
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses) const;
  /// The same, with the rows' spreads (loss_scan.h) by position.
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses, std::vector<float>& spreads) const;
  /// The loss at which the mass counted from the worst exceeds `mass`; the smallest one if none does.
  double loss_at(const std::vector<double>& losses, double mass) const;
  /// VaR is the loss of the first scenario, from the worst, at which the mass exceeds the tail's; so are the edges.
  TailEdges edges(const std::vector<double>& losses, double half_width) const;

 private:
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses, float* spreads) const;

  const ScenarioSet& set_;
  SharedBlocks blocks_;
  bool equal_;
  double total_mass_ = 0.0, tail_mass_ = 0.0;
};

/// What the window's programme needs to know of its scenarios, on the root only: what ranks send there as they enter.
class WindowRows {
 public:
  explicit WindowRows(std::size_t assets) : assets_(assets) {}
  std::size_t size() const { return values_.size() / width(); }
  const double* growth(std::size_t k) const { return &values_[k * width()]; }
  double liability(std::size_t k) const { return values_[k * width() + assets_]; }
  double share(std::size_t k) const { return values_[k * width() + assets_ + 1]; }  ///< h
  std::size_t width() const { return assets_ + 2; }
  void add(std::vector<double> rows);
  /// sum of factor * growth row, in fixed slices.
  Eigen::VectorXd weighted_growth(std::span<const double> factors) const;

 private:
  std::size_t assets_;
  std::vector<double> values_;  ///< a scenario's growth, liability, share, then the next one's
};

/// Which scenarios are surely in the tail, which may be, which are not (q_s = h_s, free, 0; h_s = mass_s/tail_mass).
/// Fixing q this way only lowers the maximum over q that CVaR is, so the window's problem is a relaxation and every
/// dual point of it one of the whole problem: each window gives a global lower bound. Of several ranks all call open()
/// and widen() at once.
class TailWindow {
 public:
  explicit TailWindow(const ScenarioSample& sample);

  /// Surely in: losses above `high`. May be: from `low` to `high`.
  void open(const std::vector<double>& losses, double low, double high);
  /// Scenarios now on the wrong side of `low` or `high` become free; nothing leaves.
  void widen(const std::vector<double>& losses, double low, double high);

  std::size_t members() const { return members_; }         ///< free scenarios of all ranks
  const WindowRows& rows() const { return rows_; }         ///< theirs, in the order in which they entered; on the root
  double free_tail() const { return free_tail_; }          ///< 1 - the sum of h over what is surely in
  const SupportingPlane& fixed() const { return fixed_; }  ///< what is surely in, as a plane

 private:
  enum class Side : signed char { out, free, in };
  double share(std::int64_t position) const { return sample_.mass(position) / sample_.tail_mass(); }
  /// h, h liability and h growth, over the positions of block k that `wanted` takes, are added to sums.
  template <class Wanted>
  void add_block(std::size_t k, double* sums, Wanted&& wanted) const;
  /// Positions `entering` here become members, after those of the ranks before.
  void enter(const std::vector<std::int64_t>& entering);

  const ScenarioSample& sample_;
  std::vector<Side> side_;
  std::size_t members_ = 0;
  WindowRows rows_;
  double free_tail_ = 1.0;
  SupportingPlane fixed_;
};

}  // namespace ballast
