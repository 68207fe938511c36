#pragma once

#include <vector>

#include "engine/optimize/hinge_newton.h"

namespace ballast {

/// The hinges of a programme that may still change sides, and a programme of them alone: the others are taken to stay
/// where an iterate of the interior point has them, without shortfall or with all of it. Far fewer hinges lie near
/// their kink than the first iterations move across it, so that the last ones cost next to nothing (internal to
/// hinge_*.cpp).
class OpenHinges {
 public:
  /// As `s` stands after `step`, which moved it: open is what several more such steps, or the complementarity that is
  /// left, could bring across the kink.
  OpenHinges(const HingeState& s, const HingeStep& step);
  std::size_t count() const { return index_.size(); }
  /// Whether few enough are open to be worth a programme of their own.
  bool few() const { return count() < std::size_t(hinges_ / 2); }
  const std::vector<long>& index() const { return index_; }  ///< in the whole programme, rising

  HingeProgram programme(const HingeState& s) const;
  /// A solution of the open hinges' programme as one of the whole. False: by it, some of the others lie on the other
  /// side, and what they miss there comes to more than `most`, in units of the objective.
  bool complete(const HingeState& whole, HingeSolution& found, double most) const;

 private:
  enum class Side : char { out, open, in };
  long hinges_;
  std::vector<Side> side_;
  std::vector<long> index_;
};

}  // namespace ballast
