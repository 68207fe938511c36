#include "engine/optimize/scenario_moments.h"

#include <algorithm>
#include <cmath>
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
VectorXd means(const ScenarioSample& sample, double total_mass) {
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
  return parts.col(0) / total_mass;
}

/// Of the scenarios that this process holds.
ScenarioMoments moments_here(const ScenarioSample& sample, double total_mass) {
  const ScenarioSet& set = sample.set();
  const std::size_t n = set.assets, columns = n + 1;  // the liability is one more column
  const VectorXd mean = means(sample, total_mass);
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
        share[k] = set.mass_of(chunk.scenario + k) / total_mass;
      }
      add_weighted_gram(centred.data(), columns, chunk.count, columns, share.data(), parts[slice]);
      if (chunk.count > 0) set.release(chunk.scenario, chunk.count);
    }
  });
  for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
  const MatrixXd full = parts[0].topLeftCorner(long(columns), long(columns)).selfadjointView<Eigen::Lower>();
  ScenarioMoments moments;
  moments.mean = mean.head(long(n));
  moments.covariance = full.topLeftCorner(long(n), long(n));
  moments.liability_covariance = full.col(long(n)).head(long(n));
  moments.liability_mean = mean[long(n)];
  moments.liability_variance = full(long(n), long(n));
  return moments;
}

}  // namespace

ScenarioMoments scenario_moments(const ScenarioSample& sample) {
  Ranks& ranks = sample.ranks();
  const double total_mass = sample.total_mass();
  if (ranks.alone()) return moments_here(sample, total_mass);
  const ScenarioSet& set = sample.set();
  const bool with_liability = !set.liability.empty(), with_probability = !set.probability.empty();
  std::vector<double> growth, liability, probability;
  for (std::size_t k = 0; k < sample.blocks().here(); ++k) {
    const auto [begin, size] = sample.blocks()[k];
    growth.insert(growth.end(), set.row(begin), set.row(begin) + size * set.assets);
    for (std::size_t s = begin; s < begin + size; ++s) {
      if (with_liability) liability.push_back(set.liability_of(s));
      if (with_probability) probability.push_back(set.mass_of(s));
    }
  }
  growth = ranks.gather(std::move(growth));
  // Of all ranks always: one without scenarios does not know whether the others have them.
  liability = ranks.gather(std::move(liability));
  probability = ranks.gather(std::move(probability));
  if (!ranks.root()) return {};
  ScenarioSet all;
  all.scenarios = growth.size() / set.assets;
  all.assets = set.assets;
  all.growth = growth.data();
  all.liability = liability;
  all.probability = probability;
  return moments_here(ScenarioSample(all, ScenarioSample::blocks_of(all), 0.0), total_mass);
}

ScenarioMoments scenario_moments(const ScenarioSet& set) {
  const ScenarioSample all(set, ScenarioSample::blocks_of(set), 0.0);
  const ScenarioMoments moments = moments_here(all, all.total_mass());
  if (!moments.covariance.allFinite() || !std::isfinite(moments.liability_variance)) check_scenarios(set);
  return moments;
}

}  // namespace ballast
