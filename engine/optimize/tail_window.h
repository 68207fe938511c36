#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/cvar.h"
#include "engine/optimize/problem.h"

namespace ballast {

/// Every k-th block of the scenarios, the whole set being one such sample. Positions count the scenarios of the
/// sample's blocks, the last block's missing ones included, so that position -> scenario is arithmetic.
class ScenarioSample {
 public:
  /// `count` of the set's blocks, evenly spread.
  ScenarioSample(const ScenarioSet& set, std::size_t count, double confidence);
  static std::size_t blocks_of(const ScenarioSet& set);

  const ScenarioSet& set() const { return set_; }
  std::size_t positions() const;
  std::int64_t scenario(std::int64_t position) const;
  double mass(std::int64_t position) const { return set_.mass_of(std::size_t(scenario(position))); }
  double tail_mass() const { return tail_mass_; }  ///< (1 - confidence) x total_mass
  double total_mass() const { return total_mass_; }

  static constexpr double kMissing = -std::numeric_limits<double>::infinity();  ///< loss of a position without one

  /// Losses at `weights` by position, and their mean absolute value. Throws InputError, naming it, where a number of
  /// the scenarios is not finite.
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses) const;
  /// The same, with the rows' spreads (loss_scan.h) by position.
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses, std::vector<float>& spreads) const;
  /// A loss that `mass` of the sample or somewhat more exceeds, from a few losses; kMissing: of a small sample.
  double threshold(const std::vector<double>& losses, double mass) const;
  /// The entries with the largest losses, holding at least `mass` in all (or everything).
  void worst(const std::vector<double>& losses, double mass, std::vector<TailEntry>& entries) const;
  /// sum over positions of factor * growth row, in fixed slices.
  Eigen::VectorXd weighted_rows(const std::vector<std::pair<std::int64_t, double>>& factors) const;

 private:
  double scan(const Eigen::VectorXd& weights, std::vector<double>& losses, float* spreads) const;
  std::size_t block_begin(std::size_t k) const;  ///< scenario at which the k-th block of the sample begins

  const ScenarioSet& set_;
  std::size_t blocks_, count_;
  double total_mass_ = 0.0, tail_mass_ = 0.0;
};

/// Which scenarios are surely in the tail, which may be, which are not (q_s = h_s, free, 0; h_s = mass_s/tail_mass).
/// Fixing q this way only lowers the maximum over q that CVaR is, so the window's problem is a relaxation and every
/// dual point of it one of the whole problem: each window gives a global lower bound.
class TailWindow {
 public:
  explicit TailWindow(const ScenarioSample& sample) : sample_(sample) {}

  /// Surely in: losses above `high`. May be: from `low` to `high`. `entries` holds all of both.
  void open(const std::vector<TailEntry>& entries, double low, double high);
  /// Scenarios now on the wrong side of `low` or `high` become free; nothing leaves.
  void widen(const std::vector<double>& losses, double low, double high);

  const std::vector<std::int64_t>& members() const { return members_; }  ///< positions of the free scenarios
  double free_tail() const { return free_tail_; }                        ///< 1 - the sum of h over what is surely in
  const SupportingPlane& fixed() const { return fixed_; }                ///< what is surely in, as a plane
  double share(std::int64_t position) const { return sample_.mass(position) / sample_.tail_mass(); }

 private:
  enum class Side : signed char { out, free, in };
  const ScenarioSample& sample_;
  std::vector<Side> side_;
  std::vector<std::int64_t> members_;
  double free_tail_ = 1.0;
  SupportingPlane fixed_;
};

}  // namespace ballast
