#include "engine/optimize/hinge_state.h"

#include <numeric>

namespace ballast {

using Eigen::ArrayXd;
using Eigen::VectorXd;

double QuadraticLimit::value(const VectorXd& x) const {
  const VectorXd product = hessian * x.head(hessian.rows());
  return 0.5 * product.dot(x.head(hessian.rows())) + slope.dot(x) + constant;
}

VectorXd QuadraticLimit::gradient(const VectorXd& x) const {
  VectorXd result = slope;
  result.head(hessian.rows()) += hessian * x.head(hessian.rows());
  return result;
}

double HingeProgram::objective(const VectorXd& x) const {
  const long held = weights();
  double value = cost.dot(x);
  if (hessian.size() > 0) value += 0.5 * x.head(held).dot(hessian * x.head(held));
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const HingeBlock& block = blocks[b];
    if (block.limited) continue;
    const long count = block.end - block.begin;
    VectorXd shortfall =
        offset.segment(block.begin, count) - features.middleRows(block.begin, count).leftCols(held) * x.head(held);
    shortfall.array() -= x[level(long(b))];
    value += block.multiplier *
             (block.slope.dot(x) + block.constant + mass.segment(block.begin, count).dot(shortfall.cwiseMax(0.0)));
  }
  return value;
}

HingeState::HingeState(const HingeProgram& part, const HingeState& whole, std::span<const long> hinges_of_part)
    : HingeIterate(whole), programme(part) {
  hinges = long(hinges_of_part.size());
  for (ArrayXd* values : {&fit, &t, &u, &q, &z}) *values = values->operator()(hinges_of_part).eval();
}

void HingeState::measure_boxes() {
  ArrayXd value(boxed);
  value.head(variables) = x.array();
  value.tail(activity.size()) = activity;
  to_lower = (has_lower > 0).select(value - box_lower, 1.0);
  to_upper = (has_upper > 0).select(box_upper - value, 1.0);
}

void HingeState::share_prices() {
  for (long k = 0; k < long(limited.size()); ++k) block_multiplier[limited[std::size_t(k)]] = price[k];
}

VectorXd HingeState::features_transposed(const VectorXd& values) const {
  const long weights = programme.weights();
  VectorXd sum = VectorXd::Zero(variables);
  for (long b = 0; b < blocks; ++b) {
    const HingeBlock& block = programme.blocks[std::size_t(b)];
    Eigen::MatrixXd parts = Eigen::MatrixXd::Zero(weights + 1, Slices::kCount);
    Slices{std::size_t(block.end - block.begin)}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
      const long first = block.begin + long(begin), count = long(end - begin);
      parts.col(long(slice)).noalias() =
          programme.features.middleRows(first, count).transpose() * values.segment(first, count);
    });
    for (long k = 1; k < parts.cols(); ++k) parts.col(0) += parts.col(k);
    sum.head(weights) += parts.col(0).head(weights);
    sum[programme.level(b)] = parts(weights, 0);
  }
  return sum;
}

ArrayXd HingeState::features_times(const VectorXd& values) const {
  ArrayXd result(hinges);
  for_hinges([&](std::size_t, long first, long count, long block) { fit_of(values, block, first, count, result); });
  return result;
}

void HingeState::fit_of(const VectorXd& values, long block, long first, long count, ArrayXd& into) const {
  const long weights = programme.weights();
  VectorXd own(weights + 1);
  own << values.head(weights), values[programme.level(block)];
  into.segment(first, count).matrix().noalias() = programme.features.middleRows(first, count) * own;
}

VectorXd HingeState::hessian_times(const VectorXd& values) const {
  VectorXd result = VectorXd::Zero(variables);
  const long weights = programme.weights();
  if (programme.hessian.size() > 0) result.head(weights) = programme.hessian * values.head(weights);
  return result;
}

double HingeState::limit_value(long limit) const {
  const long count = long(limited.size());
  if (limit >= count) return programme.quadratics[std::size_t(limit - count)].value(x);
  const HingeBlock& block = programme.blocks[std::size_t(limited[std::size_t(limit)])];
  const long size = block.end - block.begin;
  return block.slope.dot(x) + block.constant +
         programme.mass.segment(block.begin, size).dot(u.matrix().segment(block.begin, size));
}

VectorXd HingeState::limit_gradient(long limit) const {
  const long count = long(limited.size());
  if (limit >= count) return programme.quadratics[std::size_t(limit - count)].gradient(x);
  return programme.blocks[std::size_t(limited[std::size_t(limit)])].slope;
}

VectorXd HingeState::gradient() const {
  VectorXd result = programme.cost + hessian_times(x) - features_transposed(q.matrix());
  for (long b = 0; b < blocks; ++b) result += block_multiplier[b] * programme.blocks[std::size_t(b)].slope;
  for (long k = long(limited.size()); k < price.size(); ++k) result += price[k] * limit_gradient(k);
  return result;
}

VectorXd HingeState::row_duals() const {
  VectorXd duals(programme.rows.rows());
  for (long k = 0; k < y.size(); ++k) duals[equality_index[std::size_t(k)]] = y[k];
  for (long k = 0; k < activity.size(); ++k) {
    duals[inequality_index[std::size_t(k)]] = dual_lower[variables + k] - dual_upper[variables + k];
  }
  return duals;
}

double HingeState::complementarity() const {
  std::array<double, Slices::kCount> sums{};
  for_hinges([&](std::size_t slice, long first, long count, long) {
    sums[slice] += (t.segment(first, count) * q.segment(first, count)).sum() +
                   (u.segment(first, count) * z.segment(first, count)).sum();
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) + (to_lower * dual_lower - barrier).abs().sum() +
         (to_upper * dual_upper).sum() + (slack * price).sum();
}

double HingeState::pairs() const {
  return 2.0 * double(hinges) + has_lower.sum() + has_upper.sum() + double(slack.size());
}

}  // namespace ballast
