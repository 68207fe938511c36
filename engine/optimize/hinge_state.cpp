#include "engine/optimize/hinge_state.h"

#include "engine/optimize/slices.h"

namespace ballast {

void HingeState::measure_boxes() {
  Eigen::ArrayXd value(boxed);
  value.head(variables) = x.array();
  value.tail(activity.size()) = activity;
  to_lower = (has_lower > 0).select(value - box_lower, 1.0);
  to_upper = (has_upper > 0).select(box_upper - value, 1.0);
}

Eigen::VectorXd HingeState::features_transposed(const Eigen::VectorXd& values) const {
  Eigen::MatrixXd parts = Eigen::MatrixXd::Zero(featured, Slices::kCount);
  Slices{std::size_t(hinges)}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    const long first = long(begin), count = long(end - begin);
    parts.col(long(slice)).noalias() =
        programme.features.middleRows(first, count).transpose() * values.segment(first, count);
  });
  Eigen::VectorXd sum = parts.col(0);
  for (long k = 1; k < parts.cols(); ++k) sum += parts.col(k);
  return sum;
}

Eigen::ArrayXd HingeState::features_times(const Eigen::VectorXd& values) const {
  Eigen::VectorXd result(hinges);
  Slices{std::size_t(hinges)}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    const long first = long(begin), count = long(end - begin);
    result.segment(first, count).noalias() = programme.features.middleRows(first, count) * values.head(featured);
  });
  return result.array();
}

Eigen::VectorXd HingeState::row_duals() const {
  Eigen::VectorXd duals(programme.rows.rows());
  for (long k = 0; k < y.size(); ++k) duals[equality_index[std::size_t(k)]] = y[k];
  for (long k = 0; k < activity.size(); ++k) {
    duals[inequality_index[std::size_t(k)]] = dual_lower[variables + k] - dual_upper[variables + k];
  }
  return duals;
}

double HingeState::complementarity() const {
  return (t * q).sum() + (u * z).sum() + (to_lower * dual_lower).sum() + (to_upper * dual_upper).sum();
}

double HingeState::pairs() const { return 2.0 * double(hinges) + has_lower.sum() + has_upper.sum(); }

}  // namespace ballast
