#pragma once

#include <span>
#include <vector>

#include "engine/liabilities/liability_terms.h"
#include "engine/liabilities/market_block.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// What index rules have given and are expected to give on a block of scenarios: growth from the valuation date to each
/// of its anniversaries. Years to come are valued one by one (black_clamp), as if each year's inflation were
/// independent of the others and of interest rates.
class IndexPaths {
 public:
  /// years: the last anniversary asked for. Steps divide the year evenly.
  IndexPaths(std::vector<IndexRule> rules, int years, int steps_per_year, std::size_t lanes);

  /// The price index at the end of `step`, from 1 on: completes the year that ends there.
  void step(int step, const double* price_index);
  /// Expects the years to come, as seen at the end of `step`. tenors: of the breakeven rates.
  void expect(int step, const MarketBlock& market, std::span<const double> tenors);

  /// Growth to an anniversary: realised, or expected by the last `expect`. [lane]
  const double* growth(std::size_t rule, int year) const { return growth_[rule].row(std::size_t(year)); }
  /// d ln growth / d parallel shift of the breakeven rates. [lane]
  const double* exposure(std::size_t rule, int year) const { return exposure_[rule].row(std::size_t(year)); }
  const IndexRule& rule(std::size_t k) const { return rules_[k]; }

 private:
  std::vector<IndexRule> rules_;
  int years_, steps_per_year_;
  std::vector<LaneArray> growth_, exposure_;  ///< one a rule: [anniversary][lane]
  LaneArray at_anniversary_;                  ///< the price index at the last one
};

/// ln of the expected price index `years` ahead over today's, from breakeven rates at `tenors`, into out [lane].
void log_forward_index(const LaneArray& breakeven, std::span<const double> tenors, double years, double* out);

}  // namespace ballast
