#include "engine/liabilities/index_paths.h"

#include <algorithm>
#include <cmath>

#include "engine/liabilities/inflation_growth.h"
#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/market/curve.h"

namespace ballast {

void log_forward_index(const LaneArray& breakeven, std::span<const double> tenors, double years, double* out) {
  LinearWeights w = linear_weights(tenors, years);
  double upper_part = w.weight_upper * years, lower_part = years - upper_part;
  const double* lower = breakeven.row(std::size_t(w.lower));
  const double* upper = w.weight_upper > 0 ? breakeven.row(std::size_t(w.lower) + 1) : lower;
  for (std::size_t lane = 0; lane < breakeven.lanes(); ++lane) {
    out[lane] = lower_part * lower[lane] + upper_part * upper[lane];
  }
}

IndexPaths::IndexPaths(std::vector<IndexRule> rules, int years, int steps_per_year, std::size_t lanes)
    : rules_(std::move(rules)), years_(years), steps_per_year_(steps_per_year), at_anniversary_(1, lanes) {
  at_anniversary_.fill(1.0);
  for (std::size_t k = 0; k < rules_.size(); ++k) {
    growth_.emplace_back(std::size_t(years) + 1, lanes);
    exposure_.emplace_back(std::size_t(years) + 1, lanes);
    std::fill_n(growth_[k].row(0), growth_[k].lanes(), 1.0);
  }
}

void IndexPaths::step(int step, const double* price_index) {
  if (step % steps_per_year_ != 0 || step / steps_per_year_ > years_) return;
  auto year = std::size_t(step / steps_per_year_);
  double* last = at_anniversary_.row(0);
  for (std::size_t k = 0; k < rules_.size(); ++k) {
    const IndexRule& rule = rules_[k];
    const double* before = growth_[k].row(year - 1);
    double* now = growth_[k].row(year);
    double low = 1 + rule.floor, high = 1 + rule.cap;
    for (std::size_t lane = 0; lane < at_anniversary_.lanes(); ++lane) {
      double ratio = price_index[lane] / last[lane];
      now[lane] = rule.annual ? before[lane] * std::min(high, std::max(low, ratio)) : price_index[lane];
    }
    std::fill_n(exposure_[k].row(year), exposure_[k].lanes(), 0.0);
  }
  std::copy_n(price_index, at_anniversary_.lanes(), last);
}

void IndexPaths::expect(int step, const MarketBlock& market, std::span<const double> tenors) {
  std::size_t lanes = at_anniversary_.lanes();
  double now = double(step) / steps_per_year_;
  int first = step / steps_per_year_ + 1;  // the anniversary that ends the year under way
  LaneArray forward(3, lanes);             // ln expected index at the year's start and end; the year's expected ratio
  double *from = forward.row(0), *to = forward.row(1), *ratio = forward.row(2);
  for (int year = first; year <= years_; ++year) {
    double ahead = year - now;
    log_forward_index(*market.breakeven, tenors, ahead, to);
    for (std::size_t lane = 0; lane < lanes; ++lane) ratio[lane] = to[lane] - from[lane];
    exp_lanes(ratio, ratio, lanes);
    if (year == first) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        ratio[lane] *= market.price_index[lane] / at_anniversary_(0, lane);
      }
    }
    double length = std::min(1.0, ahead);  // of the year that is not known yet
    for (std::size_t k = 0; k < rules_.size(); ++k) {
      const IndexRule& rule = rules_[k];
      const double *before = growth_[k].row(std::size_t(year) - 1), *shift = exposure_[k].row(std::size_t(year) - 1);
      double *grown = growth_[k].row(std::size_t(year)), *exposure = exposure_[k].row(std::size_t(year));
      double deviation = rule.volatility * std::sqrt(length), low = 1 + rule.floor, high = 1 + rule.cap;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!rule.annual) {
          grown[lane] = before[lane] * ratio[lane];
          if (year == first) grown[lane] = at_anniversary_(0, lane) * ratio[lane];
          exposure[lane] = ahead;
          continue;
        }
        ClampedGrowth growth = black_clamp(ratio[lane], deviation, low, high);
        grown[lane] = before[lane] * growth.value;
        exposure[lane] = shift[lane] + growth.exposure * length;
      }
    }
    std::swap(from, to);
  }
}

}  // namespace ballast
