#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/scenario_sample.h"

namespace ballast {

/// What the window's programme needs to know of its scenarios, on the root only: what ranks send there as they enter.
/// Of scenarios that stay in memory here it points at the rows.
class WindowRows {
 public:
  explicit WindowRows(std::size_t assets) : assets_(assets) {}
  WindowRows(WindowRows&&) = default;  // not copied: growth_ may point into copies_
  WindowRows& operator=(WindowRows&&) = default;
  std::size_t size() const { return growth_.size(); }
  const double* growth(std::size_t k) const { return growth_[k]; }
  double liability(std::size_t k) const { return liability_[k]; }
  double share(std::size_t k) const { return share_[k]; }  ///< h

  void reserve(std::size_t more);
  void add(const double* growth, double liability, double share);
  std::size_t width() const { return assets_ + 2; }
  /// Copies: a scenario's growth, liability and share, then the next one's.
  void add_copies(std::vector<double> rows);
  /// sum of factor * growth row, in fixed slices.
  Eigen::VectorXd weighted_growth(std::span<const double> factors) const;

 private:
  std::size_t assets_;
  std::vector<const double*> growth_;
  std::vector<double> liability_, share_;
  std::vector<std::vector<double>> copies_;
};

/// Which scenarios are surely in the tail, which may be, which are not (q_s = h_s, free, 0; h_s = mass_s/tail_mass).
/// Fixing q this way only lowers the maximum over q that CVaR is, so the window's problem is a relaxation and every
/// dual point of it one of the whole problem: each window gives a global lower bound. Of several ranks all call open()
/// and widen() at once.
class TailWindow {
 public:
  explicit TailWindow(const ScenarioSample& sample);

  /// Surely in: losses above edges.high. May be: from edges.low to edges.high. With `spreads` (loss_scan.h; null:
  /// unknown) a scenario's own edges lie further from VaR by as much as its loss moves more than others' near VaR: the
  /// few that weights move most would cross any common edge.
  void open(const Losses& losses, const TailEdges& edges, const Spreads* spreads = nullptr);
  /// Scenarios now on the wrong side of an edge become free; nothing leaves.
  void widen(const Losses& losses, const TailEdges& edges, const Spreads* spreads = nullptr);

  std::size_t members() const { return members_; }         ///< free scenarios of all ranks
  const WindowRows& rows() const { return rows_; }         ///< theirs, in the order in which they entered; on the root
  double free_tail() const { return free_tail_; }          ///< 1 - the sum of h over what is surely in
  const SupportingPlane& fixed() const { return fixed_; }  ///< what is surely in, as a plane

 private:
  enum class Side : signed char { out, free, in };
  /// Which side of the window each position is on at `losses`.
  class Edges {
   public:
    Edges(const ScenarioSample& sample, const Losses& losses, const TailEdges& edges, const Spreads* spreads);
    bool above_low(std::size_t j) const {
      return losses_[j] >= (!spreads_ ? edges_.low : edges_.var - scale(j) * (edges_.var - edges_.low));
    }
    bool above_high(std::size_t j) const {
      return losses_[j] > (!spreads_ ? edges_.high : edges_.var + scale(j) * (edges_.high - edges_.var));
    }

   private:
    double scale(std::size_t j) const { return double((*spreads_)[j]) * per_spread_; }
    const Losses& losses_;
    const Spreads* spreads_;
    TailEdges edges_;
    double per_spread_ = 1.0;
  };
  double share(std::int64_t position) const { return sample_.mass(position) / sample_.tail_mass(); }
  /// Sums of h, h liability and h growth over the positions that `wanted` takes.
  template <class Wanted>
  std::vector<double> sums_where(Wanted&& wanted) const;
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
