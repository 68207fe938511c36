#include "scenarios/models/given_regimes.h"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/suggest.h"
#include "scenarios/stats/correlation_matrix.h"
#include "scenarios/stats/moments.h"

namespace ballast {
namespace {

Eigen::Index column(const InnovationHistory& history, const std::string& name, const std::string& key) {
  const auto found = std::find(history.columns.begin(), history.columns.end(), name);
  if (found == history.columns.end()) {
    const std::string guess = did_you_mean(name, history.columns);
    throw key_error(key, fmt::format("'{}' is not a column (they are {}); {}", name, fmt::join(history.columns, ", "),
                                     guess.empty() ? "name one of them" : guess));
  }
  return found - history.columns.begin();
}

}  // namespace

Regimes given_regimes(const std::vector<RegimeParameters>& parameters, const InnovationHistory& history) {
  const auto count = Eigen::Index(parameters.size());
  const Eigen::MatrixXd sample = covariance(history.rows);
  Regimes regimes;
  regimes.transition.resize(count, count);
  for (Eigen::Index k = 0; k < count; ++k) {
    const RegimeParameters& given = parameters[std::size_t(k)];
    const std::string key = fmt::format("scenarios.regime_switching.parameters[{}]", k);
    regimes.transition.row(k) = Eigen::Map<const Eigen::RowVectorXd>(given.transition.data(), count);
    Eigen::VectorXd mean = history.rows.colwise().mean().transpose(), sd = sample.diagonal().cwiseSqrt();
    for (const auto& [name, value] : given.mean) mean[column(history, name, key + ".mean")] = value;
    for (const auto& [name, value] : given.standard_deviation) {
      sd[column(history, name, key + ".standard_deviation")] = value;
    }
    Eigen::MatrixXd together = correlation(sample);
    for (const CorrelationPair& pair : given.correlations) {
      const Eigen::Index i = column(history, pair.between[0], key + ".correlations"),
                         j = column(history, pair.between[1], key + ".correlations");
      together(i, j) = together(j, i) = pair.value;
    }
    together.diagonal().setOnes();
    together = checked_correlation(together, history.columns, false, key + ".correlations").matrix;
    regimes.mean.push_back(mean);
    regimes.covariance.push_back(sd.asDiagonal() * together * sd.asDiagonal());
  }
  Eigen::FullPivLU<Eigen::MatrixXd> leaving(regimes.transition - Eigen::MatrixXd::Identity(count, count));
  leaving.setThreshold(1e-9);
  if (leaving.rank() < count - 1) {
    throw key_error("scenarios.regime_switching.parameters",
                    "the chain has no unique long-run probabilities (several regimes are never left); give them a way "
                    "out");
  }
  regimes.initial = regimes.stationary();
  filter_and_smooth(history.rows, regimes);
  return regimes;
}

std::vector<RegimeParameters> regime_parameters(const Regimes& regimes, const std::vector<std::string>& columns) {
  std::vector<RegimeParameters> all;
  for (int k = 0; k < regimes.count(); ++k) {
    RegimeParameters parameters;
    const Eigen::MatrixXd& covariance = regimes.covariance[std::size_t(k)];
    for (int j = 0; j < regimes.count(); ++j) parameters.transition.push_back(regimes.transition(k, j));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto i = Eigen::Index(c);
      const double sd = std::sqrt(covariance(i, i));
      parameters.mean[columns[c]] = regimes.mean[std::size_t(k)][i];
      parameters.standard_deviation[columns[c]] = sd;
      for (Eigen::Index j = 0; j < i; ++j) {
        parameters.correlations.push_back(
            {{columns[std::size_t(j)], columns[c]}, covariance(i, j) / (sd * std::sqrt(covariance(j, j)))});
      }
    }
    all.push_back(std::move(parameters));
  }
  return all;
}

}  // namespace ballast
