#include "engine/optimize/scenario_moments.h"

#include <algorithm>
#include <vector>

#include "engine/optimize/slices.h"
#include "engine/optimize/weighted_gram.h"
#include "engine/optimize/weighted_gram_kernel.h"
#include "scenarios/base/lanes.h"

namespace ballast {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Slices of whole blocks' positions begin at multiples of this, so that no chunk of rows lies in two blocks.
static_assert(kBlockScenarios / Slices::kCount % kGramChunk == 0);

/// The scenarios that a sample's positions begin .. begin + kGramChunk - 1 have.
struct Chunk {
  std::size_t scenario, count;
};

Chunk chunk_at(const ScenarioSample& sample, std::size_t begin) {
  const std::size_t first = std::size_t(sample.scenario(std::int64_t(begin))), all = sample.set().scenarios;
  return {first, first < all ? std::min(kGramChunk, all - first) : 0};
}

/// Means of the growths, then of the liability.
VectorXd means(const ScenarioSample& sample) {
  const ScenarioSet& set = sample.set();
  const long n = long(set.assets);
  MatrixXd parts = MatrixXd::Zero(n + 1, Slices::kCount);
  Slices{sample.positions()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    double* sum = parts.col(long(slice)).data();
    for (std::size_t at = begin; at < end; at += kGramChunk) {
      const Chunk chunk = chunk_at(sample, at);
      for (std::size_t s = chunk.scenario; s < chunk.scenario + chunk.count; ++s) {
        const double mass = set.mass_of(s);
        const double* row = set.row(s);
        for (long i = 0; i < n; ++i) sum[i] += mass * row[i];
        sum[n] += mass * set.liability_of(s);
      }
      if (chunk.count > 0) set.release(chunk.scenario, chunk.count);
    }
  });
  for (long k = 1; k < parts.cols(); ++k) parts.col(0) += parts.col(k);
  return parts.col(0) / sample.total_mass();
}

}  // namespace

ScenarioMoments scenario_moments(const ScenarioSample& sample) {
  const ScenarioSet& set = sample.set();
  const std::size_t n = set.assets, columns = n + 1;  // the liability is one more column
  const VectorXd mean = means(sample);
  std::vector<MatrixXd> parts(Slices::kCount);
  Slices{sample.positions()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    parts[slice] = MatrixXd::Zero(padded_gram(columns), padded_gram(columns));
    std::vector<double> centred(kGramChunk * columns), share(kGramChunk);
    for (std::size_t at = begin; at < end; at += kGramChunk) {
      const Chunk chunk = chunk_at(sample, at);
      for (std::size_t k = 0; k < chunk.count; ++k) {
        const double* row = set.row(chunk.scenario + k);
        double* out = &centred[k * columns];
        for (std::size_t i = 0; i < n; ++i) out[i] = row[i] - mean[long(i)];
        out[n] = set.liability_of(chunk.scenario + k) - mean[long(n)];
        share[k] = set.mass_of(chunk.scenario + k) / sample.total_mass();
      }
      add_weighted_gram(centred.data(), columns, chunk.count, columns, share.data(), parts[slice]);
      if (chunk.count > 0) set.release(chunk.scenario, chunk.count);
    }
  });
  for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
  const MatrixXd full = parts[0].topLeftCorner(long(columns), long(columns)).selfadjointView<Eigen::Lower>();
  if (!full.allFinite()) check_scenarios(set);
  ScenarioMoments moments;
  moments.mean = mean.head(long(n));
  moments.covariance = full.topLeftCorner(long(n), long(n));
  moments.liability_covariance = full.col(long(n)).head(long(n));
  moments.liability_mean = mean[long(n)];
  moments.liability_variance = full(long(n), long(n));
  return moments;
}

ScenarioMoments scenario_moments(const ScenarioSet& set) {
  return scenario_moments(ScenarioSample(set, ScenarioSample::blocks_of(set), 0.0));
}

}  // namespace ballast
