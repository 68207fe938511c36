#include "scenarios/models/correlation.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/suggest.h"
#include "scenarios/models/covariance.h"
#include "scenarios/stats/correlation_matrix.h"
#include "scenarios/stats/moments.h"

namespace ballast {
namespace {

constexpr const char* kKey = "scenarios.correlation";

Eigen::Index column(const InnovationHistory& history, const std::string& name, std::size_t pair) {
  const auto found = std::find(history.columns.begin(), history.columns.end(), name);
  if (found == history.columns.end()) {
    throw key_error(fmt::format("{}.pairs[{}].between", kKey, pair),
                    fmt::format("there is no column {} (there are {}) {}", name, fmt::join(history.columns, ", "),
                                did_you_mean(name, history.columns)));
  }
  return found - history.columns.begin();
}

}  // namespace

Recorrelated recorrelate(const CorrelationParameters& parameters, const InnovationHistory& history) {
  refuse_constant_columns(history);
  const Eigen::MatrixXd sample = correlation(covariance(history.rows));
  Eigen::MatrixXd wanted = sample;
  for (std::size_t k = 0; k < parameters.pairs.size(); ++k) {
    const CorrelationPair& pair = parameters.pairs[k];
    const Eigen::Index i = column(history, pair.between[0], k), j = column(history, pair.between[1], k);
    wanted(i, j) = wanted(j, i) = pair.value;
  }
  wanted.diagonal().setOnes();
  wanted = ((wanted + wanted.transpose()) / 2).eval();
  const NearestCorrelation target = checked_correlation(wanted, history.columns, parameters.repair, kKey);

  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> root(sample);
  if (root.eigenvalues()[0] < 1e-10) {
    throw key_error(kKey,
                    fmt::format("the history's own correlations are singular (smallest eigenvalue {:.3g}: columns "
                                "that move together exactly), and cannot be changed; leave one of them out",
                                root.eigenvalues()[0]));
  }
  const Eigen::MatrixXd up = root.operatorSqrt(), down = root.operatorInverseSqrt();
  const Eigen::MatrixXd map =
      down * Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(up * target.matrix * up).operatorSqrt() * down;

  Recorrelated result{history, {}};
  const Eigen::RowVectorXd mean = history.rows.colwise().mean();
  Eigen::MatrixXd z = history.rows.rowwise() - mean;
  const Eigen::RowVectorXd sd = (z.colwise().squaredNorm() / double(z.rows())).cwiseSqrt();
  z = z * sd.cwiseInverse().asDiagonal() * map * sd.asDiagonal();
  result.history.rows = z.rowwise() + mean;
  for (int c = 0; c < history.series; ++c) {
    result.history.rows.col(c).array() +=
        std::log(history.rows.col(c).array().exp().mean()) - std::log(result.history.rows.col(c).array().exp().mean());
  }
  result.table = {
      target.largest_change > 0
          ? fmt::format("Correlations given, moved to the nearest positive definite ones (by at most {:.4f})",
                        target.largest_change)
          : "Correlations given",
      {"columns", "history", "given", "used"},
      {}};
  for (const CorrelationPair& pair : parameters.pairs) {
    const Eigen::Index i = column(history, pair.between[0], 0), j = column(history, pair.between[1], 0);
    result.table.rows.push_back({pair.between[0] + ", " + pair.between[1], fmt::format("{:.4f}", sample(i, j)),
                                 fmt::format("{:.4f}", pair.value), fmt::format("{:.4f}", target.matrix(i, j))});
  }
  return result;
}

}  // namespace ballast
