#pragma once

#include <Eigen/Core>

namespace ballast {

/// Shocks in the place of those that a history would show, for a curve model with given parameters and no history of
/// curves: `count` columns of normal scores in random order, the same in every run, made of mean 0, of variance 1
/// (divisor T - 1), and uncorrelated with each other and with `others` (T x C, the columns that do have a history; C
/// may be 0). Under the normal model of innovations the shocks are then standard normal exactly; correlations are those
/// of `scenarios.correlation`, or none. Throws key_error on `market` where T - 1 < C + count.
Eigen::MatrixXd assumed_shocks(const Eigen::MatrixXd& others, Eigen::Index count);

}  // namespace ballast
