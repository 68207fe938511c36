#include "scenarios/models/covariance.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/shrinkage.h"

namespace ballast {

EstimatedCovariance estimate_covariance(const InnovationHistory& history, const CovarianceParameters& parameters,
                                        const std::string& key_path) {
  const Eigen::MatrixXd& rows = history.rows;
  const Eigen::Index periods = rows.rows(), columns = rows.cols();
  switch (parameters.estimate) {
    case CovarianceEstimate::ledoit_wolf: {
      Shrinkage shrunk = ledoit_wolf_identity(rows);
      return {shrunk.covariance, fmt::format("shrinkage intensity {:.4f}", shrunk.intensity)};
    }
    case CovarianceEstimate::sample:
      if (periods <= columns) {
        throw key_error(key_path,
                        fmt::format("a sample covariance of {} variables needs more than {} periods (the history has "
                                    "{}); use ledoit_wolf",
                                    columns, columns, periods));
      }
      return {covariance(rows), ""};
    case CovarianceEstimate::ewma:
      break;
  }
  std::vector<double> weight(static_cast<std::size_t>(periods));
  double total = 0.0;
  for (Eigen::Index t = 0; t < periods; ++t) {
    total += weight[std::size_t(t)] = std::exp2(-double(periods - 1 - t) / *parameters.half_life);
  }
  double effective = effective_sample_size(weight);
  if (effective <= double(columns)) {
    throw key_error(key_path + ".half_life",
                    fmt::format("{} steps leave {:.1f} effective periods for {} variables (the covariance would be "
                                "singular); raise it, or use ledoit_wolf",
                                *parameters.half_life, effective, columns));
  }
  Eigen::MatrixXd centred = rows.rowwise() - rows.colwise().mean();
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(columns, columns);
  for (Eigen::Index t = 0; t < periods; ++t) {
    sum += weight[std::size_t(t)] / total * centred.row(t).transpose() * centred.row(t);
  }
  return {sum, fmt::format("{:.1f} effective periods", effective)};
}

void refuse_constant_columns(const InnovationHistory& history) {
  for (Eigen::Index c = 0; c < history.rows.cols(); ++c) {
    double spread = history.rows.col(c).maxCoeff() - history.rows.col(c).minCoeff();
    const auto i = std::size_t(c);
    // A constant less a short rate that moves is no constant, and still nothing to fit.
    const bool constant = i < history.constant.size() && history.constant[i];
    if (constant || !(spread > 1e-12 * std::max(1e-3, history.rows.col(c).cwiseAbs().maxCoeff()))) {
      throw key_error(
          "scenarios.model",
          fmt::format("{} never changes in the history (a constant series has no distribution to fit); leave "
                      "it out, declare it as cash, or use block_bootstrap",
                      history.columns[i]));
    }
  }
}

void require_periods(const InnovationHistory& history, int needed, const std::string& why) {
  if (history.rows.rows() >= needed) return;
  throw key_error("scenarios.model",
                  fmt::format("{} at least {} periods (the history has {}); use a longer history, or "
                              "block_bootstrap",
                              why, needed, history.rows.rows()));
}

}  // namespace ballast
