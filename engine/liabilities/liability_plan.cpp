#include "engine/liabilities/liability_plan.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ballast {
namespace {

std::vector<const CashFlows*> fixed_flows(const std::vector<LiabilityTerms>& terms) {
  std::vector<const CashFlows*> all;
  for (const LiabilityTerms& one : terms) all.push_back(&one.fixed);
  return all;
}

}  // namespace

LiabilityPlan::LiabilityPlan(std::vector<LiabilityTerms> terms, std::vector<double> tenors, const YieldCurve& initial,
                             int steps_per_year, int steps, const std::vector<ValuationTime>& times,
                             const MeasureParameters& measures)
    : terms_(std::move(terms)),
      tenors_(std::move(tenors)),
      initial_(initial),
      steps_per_year_(steps_per_year),
      fixed_(fixed_flows(terms_), 1.0 / steps_per_year, steps),
      indexed_due_(std::size_t(steps) + 1),
      floating_due_(std::size_t(steps) + 1),
      fixings_(std::size_t(steps) + 1) {
  for (std::size_t i = 0; i < terms_.size(); ++i) add_terms(i, steps);
  for (const ValuationTime& time : times) {
    auto valuer_of = [&](const std::vector<const CashFlows*>& flows, bool full) {
      return LiabilityValuer(flows, tenors_, double(time.step) / steps_per_year, measures.compounding,
                             full ? measures.key_rates : std::vector<double>{}, full, inflation_, &initial_);
    };
    if (!total_.emplace(time.step, valuer_of(fixed_flows(terms_), time.full)).second || !time.each) continue;
    for (const LiabilityTerms& one : terms_) each_[time.step].push_back(valuer_of({&one.fixed}, false));
  }
}

/// When the liability's indexed and floating amounts are due, and when rates are fixed.
void LiabilityPlan::add_terms(std::size_t liability, int steps) {
  const double step_years = 1.0 / steps_per_year_;
  for (const IndexedFlows& flows : terms_[liability].indexed) {
    inflation_ = true;
    const std::size_t group = groups_.size(), after = rule_index(flows.after);
    groups_.push_back({liability, flows.switch_year > 0 ? rule_index(flows.before) : after, after, &flows});
    years_ = std::max(years_, flows.switch_year);
    for (std::size_t j = 0; j < flows.times.size(); ++j) {
      years_ = std::max(years_, int(flows.times[j] + kSameTime) + 1);
      auto [step, part_left] = payment_time(flows.times[j], step_years);
      if (step <= steps) indexed_due_[std::size_t(step)].push_back({group, j, part_left});
    }
  }
  for (const FloatingPeriod& period : terms_[liability].floating) {
    const int fixing = int(std::floor((period.start + kSameTime) * steps_per_year_));
    if (fixing <= steps) fixings_[std::size_t(fixing)].push_back(periods_.size());
    auto [step, part_left] = payment_time(period.end, step_years);
    if (step <= steps) floating_due_[std::size_t(step)].push_back({0, periods_.size(), part_left});
    periods_.push_back({liability, period, fixing});
  }
}

std::size_t LiabilityPlan::rule_index(const IndexRule& rule) {
  auto found = std::find(rules_.begin(), rules_.end(), rule);
  if (found == rules_.end()) found = rules_.insert(rules_.end(), rule);
  return std::size_t(found - rules_.begin());
}

const LiabilityValuer* LiabilityPlan::valuer(int step) const {
  auto found = total_.find(step);
  return found == total_.end() || terms_.empty() ? nullptr : &found->second;
}

std::vector<LiabilityPlan::ScenarioFlow> LiabilityPlan::flows_to_come(double now,
                                                                      std::optional<std::size_t> liability) const {
  using Kind = ScenarioFlow::Kind;
  std::vector<ScenarioFlow> flows;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const IndexedGroup& group = groups_[g];
    if (liability && group.liability != *liability) continue;
    for (std::size_t j = 0; j < group.flows->times.size(); ++j) {
      const double time = group.flows->times[j];
      if (time - now <= kSameTime) continue;
      flows.push_back({Kind::indexed, time, terms_[group.liability].fixed.spread, group.flows->amounts[j], g});
    }
  }
  for (std::size_t k = 0; k < periods_.size(); ++k) {
    const auto& [owner, period, fixing] = periods_[k];
    if ((liability && owner != *liability) || period.end - now <= kSameTime) continue;
    const double spread = terms_[owner].fixed.spread;
    if (period.start - now <= kSameTime) {
      flows.push_back({Kind::known_interest, period.end, spread, 0.0, k});
      continue;
    }
    const double discounted = period.notional * std::exp(-spread * (period.end - period.start));
    flows.push_back({Kind::notional, period.start, spread, discounted, k});
    flows.push_back({Kind::notional, period.end, spread, -period.notional, k});
  }
  std::stable_sort(flows.begin(), flows.end(), [](const ScenarioFlow& a, const ScenarioFlow& b) {
    return std::tuple(!a.exposed(), a.time, a.spread) < std::tuple(!b.exposed(), b.time, b.spread);
  });
  return flows;
}

}  // namespace ballast
