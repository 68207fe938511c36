#include "scenarios/validate/history_error.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/parallel.h"
#include "scenarios/random/sequence.h"
#include "scenarios/stats/block_length.h"
#include "scenarios/stats/moments.h"

namespace ballast {
namespace {

double longest_block(const std::vector<std::vector<double>>& columns, bool squares_too) {
  double longest = 1.0;
  for (std::vector<double> x : columns) {
    longest = std::max(longest, optimal_block_length(x).stationary);
    if (!squares_too) continue;
    double centre = mean(x);
    for (double& v : x) v = (v - centre) * (v - centre);
    longest = std::max(longest, optimal_block_length(x).stationary);
  }
  return longest;
}

/// The rows of replicate r: two draws a row (does a block begin? where?), as the stationary bootstrap takes them.
std::vector<std::uint32_t> resampled_rows(const PcgSequence& sequence, std::uint64_t replicate, std::uint32_t periods,
                                          double mean_block) {
  std::vector<std::uint32_t> rows(periods);
  std::uint64_t position = replicate * scenario_stride(2 * std::uint64_t(periods));
  std::uint64_t state = sequence.state(position);
  const LcgJump one_draw = lcg_jump(2, sequence.increment());
  auto uniform = [&] {
    double u = sequence.uniform_at(state);
    state = one_draw(state);
    return u;
  };
  for (std::uint32_t t = 0; t < periods; ++t) {
    bool begins = uniform() * mean_block < 1.0 || t == 0;
    auto start = std::uint32_t(uniform() * double(periods));
    rows[t] = begins ? start : (rows[t - 1] + 1) % periods;
  }
  return rows;
}

}  // namespace

std::vector<double> history_errors(const PathStatistics& statistics, const ObservedPath& history, std::uint64_t seed) {
  const std::vector<PathStatistic>& list = statistics.list();
  const auto periods = std::uint32_t(history.periods());
  std::vector<std::vector<double>> of_periods = history.returns;
  std::vector<std::vector<double>> of_levels;
  if (history.has_rates()) {
    of_periods.push_back(history.short_change);
    of_periods.push_back(history.long_change);
    std::vector<double> slope(periods);
    for (std::size_t t = 0; t < periods; ++t) slope[t] = history.long_rate[t] - history.short_rate[t];
    of_levels = {history.short_rate, history.long_rate, slope};
  }
  if (history.has_inflation()) of_levels.push_back(history.inflation);
  of_periods.insert(of_periods.end(), history.log_spread_change.begin(), history.log_spread_change.end());
  of_levels.insert(of_levels.end(), history.log_spread.begin(), history.log_spread.end());
  const double level_block = longest_block(of_levels, false);
  const double period_block = longest_block(of_periods, true);

  const PcgSequence sequence(seed, Sequence::resample);
  const bool levels = !of_levels.empty();
  std::vector<std::vector<double>> by_period(kReplicates), by_level(levels ? kReplicates : 0);
  parallel_for(by_period.size() + by_level.size(), [&](std::size_t k) {
    bool level = k >= by_period.size();
    std::vector<std::uint32_t> rows = resampled_rows(sequence, k, periods, level ? level_block : period_block);
    (level ? by_level[k - by_period.size()] : by_period[k]) = statistics.measure(history.resampled(rows));
  });

  std::vector<double> found = statistics.measure(history), errors(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& replicates = list[i].kind == StatisticKind::of_periods ? by_period : by_level;
    std::vector<double> values;
    for (const auto& replicate : replicates) values.push_back(replicate[i]);
    errors[i] = standard_deviation(values);
    if (list[i].kind == StatisticKind::share_of_levels) {
      double n = double(periods) / level_block, p = (found[i] * n + 1) / (n + 2);
      errors[i] = std::max(errors[i], std::sqrt(p * (1 - p) / (n + 2)));
    }
  }
  return errors;
}

}  // namespace ballast
