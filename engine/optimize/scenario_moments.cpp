#include <cmath>

#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/slices.h"

namespace ballast {

using Eigen::MatrixXd;
using Eigen::VectorXd;

ScenarioMoments scenario_moments(const ScenarioSet& set) {
  const long n = long(set.assets);
  const std::vector<double> mean = mean_growth(set);
  double mass = 0.0, liability_mean = 0.0;
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    mass += set.mass_of(s);
    liability_mean += set.mass_of(s) * set.liability_of(s);
  }
  liability_mean /= mass;
  // The liability is one more column; slices of scenarios are added in order.
  std::vector<MatrixXd> parts(Slices::kCount);
  Slices{set.scenarios}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    constexpr std::size_t kChunk = 256;
    parts[slice] = MatrixXd::Zero(n + 1, n + 1);
    MatrixXd centred(n + 1, long(kChunk));
    for (std::size_t first = begin; first < end; first += kChunk) {
      const std::size_t count = std::min(kChunk, end - first);
      for (std::size_t k = 0; k < count; ++k) {
        const double root = std::sqrt(set.mass_of(first + k) / mass);
        const double* row = set.row(first + k);
        for (long i = 0; i < n; ++i) centred(i, long(k)) = root * (row[i] - mean[std::size_t(i)]);
        centred(n, long(k)) = root * (set.liability_of(first + k) - liability_mean);
      }
      parts[slice].selfadjointView<Eigen::Lower>().rankUpdate(centred.leftCols(long(count)));
      set.release(first, count);
    }
  });
  for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
  const MatrixXd full = parts[0].selfadjointView<Eigen::Lower>();
  ScenarioMoments moments;
  moments.mean = Eigen::Map<const VectorXd>(mean.data(), n);
  moments.covariance = full.topLeftCorner(n, n);
  moments.liability_covariance = full.col(n).head(n);
  moments.liability_variance = full(n, n);
  return moments;
}

}  // namespace ballast
