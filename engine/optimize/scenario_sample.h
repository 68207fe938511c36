#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/problem.h"
#include "engine/optimize/shared_blocks.h"
#include "engine/optimize/unset_vector.h"

namespace ballast {

/// The tail of a sample at some weights, and the losses at which a window around VaR ends.
struct TailEdges {
  double var = 0.0, cvar = 0.0;
  double low = 0.0;        ///< (1 + half_width) of the tail's mass is worse
  double high = kNoLimit;  ///< (1 - half_width) of it; kNoLimit: none is left
  double floor = 0.0;      ///< kFloorMass of it
  double worst = 0.0;      ///< the largest loss

  static constexpr double kFloorMass = 1.25;
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
  double scan(const Eigen::VectorXd& weights, Losses& losses) const;

  /// Means over the sample.
  struct Means {
    double absolute_loss = 0.0, spread = 0.0;
  };
  /// The same, with the rows' spreads over the movable assets (loss_scan.h) by position.
  Means scan(const Eigen::VectorXd& weights, const Eigen::VectorXd& movable, Losses& losses, Spreads& spreads) const;

  /// VaR is the loss of the first scenario, from the worst, at which the mass exceeds the tail's; so are the edges.
  TailEdges edges(const Losses& losses, double half_width) const;

 private:
  Means scan(const Eigen::VectorXd& weights, const double* movable, Losses& losses, float* spreads) const;

  const ScenarioSet& set_;
  SharedBlocks blocks_;
  bool equal_;
  double total_mass_ = 0.0, tail_mass_ = 0.0;
};

}  // namespace ballast
