#include "engine/liabilities/expected_flows.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "engine/liabilities/inflation_growth.h"

namespace ballast {
namespace {

/// Expected growth under one rule from the valuation date, and its exposure to breakeven rates.
class RuleGrowth {
 public:
  RuleGrowth(const IndexRule& rule, const MarketState& market, int years) : rule_(rule), market_(market) {
    if (!rule.annual) return;
    cumulated_.push_back({1.0, 0.0});
    double last = 0.0;  // log forward index at the year's start
    for (int year = 0; year < years; ++year) {
      double next = market.breakeven.zero_rate(year + 1.0) * (year + 1.0);
      double forward = std::exp(next - last) * (year == 0 ? market.price_index : 1.0);
      ClampedGrowth growth = black_clamp(forward, rule.volatility, 1 + rule.floor, 1 + rule.cap);
      cumulated_.push_back(
          {cumulated_.back().value * growth.value, cumulated_.back().exposure + growth.exposure});  // each year 1 long
      last = next;
    }
  }

  ClampedGrowth at(double t) const {
    if (!rule_.annual) return {market_.price_index * std::exp(market_.breakeven.zero_rate(t) * t), t};
    return cumulated_[std::size_t(std::floor(t + kSameTime))];
  }

 private:
  IndexRule rule_;
  const MarketState& market_;
  std::vector<ClampedGrowth> cumulated_;  ///< at each anniversary
};

}  // namespace

ExpectedFlows expected_flows(const LiabilityTerms& terms, const MarketState& market) {
  if (terms.needs_inflation() && market.breakeven.empty()) {
    throw std::logic_error("indexed flows in a market without breakeven rates");
  }
  struct Flow {
    double time, amount, exposure;
  };
  std::vector<Flow> all;
  for (std::size_t j = 0; j < terms.fixed.times.size(); ++j) {
    all.push_back({terms.fixed.times[j], terms.fixed.amounts[j], 0.0});
  }
  for (const IndexedFlows& indexed : terms.indexed) {
    double last = indexed.times.empty() ? 0.0 : indexed.times.back();
    int years = int(last + kSameTime) + 1;
    RuleGrowth after(indexed.after, market, std::max(years, indexed.switch_year));
    RuleGrowth before(indexed.switch_year > 0 ? indexed.before : indexed.after, market,
                      std::max(years, indexed.switch_year));
    double turn = indexed.switch_year;
    ClampedGrowth until = before.at(turn), from = after.at(turn);
    for (std::size_t j = 0; j < indexed.times.size(); ++j) {
      double t = indexed.times[j];
      ClampedGrowth growth;
      if (turn > 0 && t < turn - kSameTime) {
        growth = before.at(t);
      } else if (turn > 0) {
        ClampedGrowth now = after.at(t);
        growth = {until.value * now.value / from.value, until.exposure + now.exposure - from.exposure};
      } else {
        growth = after.at(t);
      }
      all.push_back({t, indexed.amounts[j] * growth.value, growth.exposure});
    }
  }
  for (const FloatingPeriod& period : terms.floating) {
    if (period.start <= kSameTime) {  // its rate is set now: a known amount
      all.push_back({period.end, period.notional * (1 / market.curve.discount(period.end) - 1), 0.0});
      continue;
    }
    double grown = period.notional * std::exp(-terms.fixed.spread * (period.end - period.start));
    all.push_back({period.start, grown, 0.0});
    all.push_back({period.end, -period.notional, 0.0});
  }
  std::stable_sort(all.begin(), all.end(), [](const Flow& a, const Flow& b) { return a.time < b.time; });
  ExpectedFlows result;
  result.flows.name = terms.fixed.name;
  result.flows.spread = terms.fixed.spread;
  for (const Flow& flow : all) {
    // Amounts with and without exposure stay apart: their exposures do not add.
    bool same = !result.flows.times.empty() && flow.time - result.flows.times.back() <= kSameTime &&
                flow.exposure == result.inflation_exposure.back();
    if (same) {
      result.flows.amounts.back() += flow.amount;
    } else {
      result.flows.times.push_back(flow.time);
      result.flows.amounts.push_back(flow.amount);
      result.inflation_exposure.push_back(flow.exposure);
    }
  }
  return result;
}

}  // namespace ballast
