#include "engine/optimize/open_hinges.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ballast {

using Eigen::ArrayXd;
using Eigen::VectorXd;

OpenHinges::OpenHinges(const HingeState& s, const HingeStep& step)
    : hinges_(s.hinges), side_(std::size_t(s.hinges), Side::open) {
  constexpr double kSteps = 10.0, kUndecided = 1.0 / 30.0;
  s.for_hinges([&](std::size_t, long first, long count, long block) {
    const double multiplier = s.block_multiplier[block];
    for (long k = first; k < first + count; ++k) {
      const double distance = s.u[k] - s.t[k], most = multiplier * s.programme.mass[k];
      const bool decided =
          std::min(s.q[k], s.z[k]) < kUndecided * most && std::abs(distance) > kSteps * std::abs(step.fit[k]);
      if (decided) side_[std::size_t(k)] = distance > 0.0 ? Side::in : Side::out;
    }
  });
  for (long k = 0; k < hinges_; ++k) {
    if (side_[std::size_t(k)] == Side::open) index_.push_back(k);
  }
}

HingeProgram OpenHinges::programme(const HingeState& s) const {
  const HingeProgram& whole = s.programme;
  HingeProgram part;
  part.features = whole.features(index_, Eigen::all);
  part.offset = whole.offset(index_);
  part.mass = whole.mass(index_);
  part.cost = whole.cost;
  part.lower = whole.lower;
  part.upper = whole.upper;
  part.hessian = whole.hessian;
  part.barrier = whole.barrier;
  part.quadratics = whole.quadratics;
  part.rows = whole.rows;
  part.row_lower = whole.row_lower;
  part.row_upper = whole.row_upper;
  const long weights = whole.weights();
  for (long b = 0; b < s.blocks; ++b) {
    HingeBlock block = whole.blocks[std::size_t(b)];
    VectorXd in = VectorXd::Zero(hinges_);  // each of these adds mass (offset - features'x)
    for (long k = block.begin; k < block.end; ++k) {
      if (side_[std::size_t(k)] == Side::in) in[k] = whole.mass[k];
    }
    const VectorXd slope = s.features_transposed(in);
    block.slope.head(weights) -= slope.head(weights);
    block.slope[whole.level(b)] -= slope[whole.level(b)];
    block.constant += in.dot(whole.offset);
    auto position = [&](long hinge) { return std::lower_bound(index_.begin(), index_.end(), hinge) - index_.begin(); };
    block.begin = position(block.begin);
    block.end = position(block.end);
    part.blocks.push_back(std::move(block));
  }
  return part;
}

bool OpenHinges::complete(const HingeState& whole, HingeSolution& found, double most) const {
  const HingeProgram& programme = whole.programme;
  VectorXd multiplier = VectorXd::Zero(hinges_);
  for (std::size_t k = 0; k < index_.size(); ++k) multiplier[index_[k]] = found.multiplier[long(k)];
  const ArrayXd distance = programme.offset.array() - whole.features_times(found.x);
  double missed = 0.0;
  for (long b = 0; b < whole.blocks; ++b) {
    const HingeBlock& block = programme.blocks[std::size_t(b)];
    for (long k = block.begin; k < block.end; ++k) {
      const double full = found.block_multiplier[b] * programme.mass[k];
      const Side side = side_[std::size_t(k)];
      if (side == Side::in) multiplier[k] = full;
      if (side != Side::open) missed += full * std::max(0.0, side == Side::in ? -distance[k] : distance[k]);
    }
  }
  found.multiplier = std::move(multiplier);
  found.gap += missed;
  return missed <= most;
}

}  // namespace ballast
