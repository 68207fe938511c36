#include "scenarios/models/assumed_shocks.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sequence.h"
#include "scenarios/stats/moments.h"

namespace ballast {
namespace {

/// The n normal scores of (i + 1/2) / n, shuffled.
Eigen::VectorXd shuffled_scores(Eigen::Index n, std::uint64_t first_draw) {
  const PcgSequence random(0, Sequence::calibrate);
  std::vector<double> u(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = random.uniform(first_draw + i);
  std::vector<std::size_t> order(u.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return u[a] < u[b]; });
  Eigen::VectorXd scores(n);
  for (std::size_t i = 0; i < order.size(); ++i) {
    scores[Eigen::Index(order[i])] = inverse_normal((double(i) + 0.5) / double(n));
  }
  return scores;
}

}  // namespace

Eigen::MatrixXd assumed_shocks(const Eigen::MatrixXd& others, Eigen::Index count) {
  const Eigen::Index periods = others.rows(), columns = others.cols();
  if (periods - 1 < columns + count) {
    throw key_error("market", fmt::format("the history has {} periods, and {} columns beside {} shocks of the curve "
                                          "need more than {}; give a longer history",
                                          periods, columns, count, columns + count));
  }
  Eigen::MatrixXd shocks(periods, count);
  for (Eigen::Index k = 0; k < count; ++k) shocks.col(k) = shuffled_scores(periods, std::uint64_t(k * periods));
  shocks.rowwise() -= shocks.colwise().mean();
  if (columns > 0) {
    const Eigen::MatrixXd centred = others.rowwise() - others.colwise().mean();
    // Columns of very different size, or one that is constant, must not decide what counts as zero.
    const Eigen::RowVectorXd size = centred.colwise().norm().cwiseMax(1e-300);
    const Eigen::MatrixXd scaled = centred * size.cwiseInverse().asDiagonal();
    shocks -= scaled * scaled.completeOrthogonalDecomposition().solve(shocks);
  }
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance(shocks));
  return factor.matrixL().solve(shocks.transpose()).transpose();
}

}  // namespace ballast
