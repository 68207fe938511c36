#include "engine/liabilities/liability_path.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"

namespace ballast {
LiabilityPath::LiabilityPath(const LiabilityPlan& plan, std::size_t lanes, const MarketBlock& start)
    : plan_(plan), payments_(1, lanes), last_index_(1, lanes) {
  last_index_.fill(1.0);
  if (!plan.groups_.empty()) index_.emplace(plan.rules_, plan.years_, plan.steps_per_year_, lanes);
  if (!plan.empty()) fix(start);
}

void LiabilityPath::fix(const MarketBlock& market) {
  double now = double(step_) / plan_.steps_per_year_;
  std::size_t lanes = payments_.lanes();
  for (std::size_t k : plan_.fixings_[std::size_t(step_)]) {
    const FloatingPeriod& period = plan_.periods_[k].period;
    double end = period.end - now, start = std::max(0.0, period.start - now);
    LaneArray interest(2, lanes);
    CurveMap(plan_.tenors_, plan_.initial_, {end, start}).evaluate(market.curve, interest);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      interest(0, lane) = end * interest(0, lane) - start * interest(1, lane);
    LaneArray paid(1, lanes);
    expm1_lanes(interest.row(0), paid.row(0), lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) paid(0, lane) *= period.notional;
    fixed_interest_[k] = std::move(paid);
  }
}

void LiabilityPath::step(const MarketBlock& market, const double* cash_gross) {
  ++step_;
  if (plan_.empty()) return;
  std::size_t lanes = payments_.lanes();
  plan_.fixed_.due(step_, cash_gross, lanes, payments_.row(0));
  if (index_) index_->step(step_, market.price_index);
  bool further = !plan_.indexed_due_[std::size_t(step_)].empty() || !plan_.floating_due_[std::size_t(step_)].empty();
  if (further) {
    LaneArray log_cash(1, lanes);
    log_lanes(cash_gross, log_cash.row(0), lanes);
    pay_indexed(market, log_cash.row(0));
    pay_floating(log_cash.row(0));
  }
  if (index_) std::copy_n(market.price_index, lanes, last_index_.row(0));
  fix(market);
}

void LiabilityPath::pay_indexed(const MarketBlock& market, const double* log_cash) {
  std::size_t lanes = payments_.lanes();
  if (plan_.indexed_due_[std::size_t(step_)].empty()) return;
  LaneArray scratch(3, lanes);  // ln of the index at the step's start and end; the payment
  double *start = scratch.row(0), *end = scratch.row(1), *paid = scratch.row(2);
  log_lanes(last_index_.row(0), start, lanes);
  log_lanes(market.price_index, end, lanes);
  for (const LiabilityPlan::Due& due : plan_.indexed_due_[std::size_t(step_)]) {
    const LiabilityPlan::IndexedGroup& group = plan_.groups_[due.group];
    double time = group.flows->times[due.flow], amount = group.flows->amounts[due.flow];
    bool switched = group.flows->switch_year <= time + kSameTime;
    std::size_t rule = switched ? group.after : group.before;
    int year = int(time + kSameTime);
    bool annual = index_->rule(rule).annual;
    // The index between the steps: linear in its logarithm.
    double to_start = annual ? 0.0 : due.part_left, to_end = annual ? 0.0 : 1 - due.part_left;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      paid[lane] = due.part_left * log_cash[lane] + to_start * start[lane] + to_end * end[lane];
    }
    exp_lanes(paid, paid, lanes);
    if (annual) {
      const double* growth = index_->growth(rule, year);
      for (std::size_t lane = 0; lane < lanes; ++lane) paid[lane] *= growth[lane];
    }
    if (switched && group.before != group.after) {
      const double *until = index_->growth(group.before, group.flows->switch_year),
                   *from = index_->growth(group.after, group.flows->switch_year);
      for (std::size_t lane = 0; lane < lanes; ++lane) paid[lane] *= until[lane] / from[lane];
    }
    double* sum = payments_.row(0);
    for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] += amount * paid[lane];
  }
}

void LiabilityPath::pay_floating(const double* log_cash) {
  std::size_t lanes = payments_.lanes();
  LaneArray grown(1, lanes);
  for (const LiabilityPlan::Due& due : plan_.floating_due_[std::size_t(step_)]) {
    const double* interest = fixed_interest_.at(due.flow).row(0);
    for (std::size_t lane = 0; lane < lanes; ++lane) grown(0, lane) = due.part_left * log_cash[lane];
    exp_lanes(grown.row(0), grown.row(0), lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) payments_(0, lane) += interest[lane] * grown(0, lane);
    fixed_interest_.erase(due.flow);
  }
}

/// Growth of one unit from the valuation date to `time`, which is to come.
void LiabilityPath::grow(const LiabilityPlan::IndexedGroup& group, double time, const MarketBlock& market,
                         double* growth, double* exposure) const {
  std::size_t lanes = payments_.lanes();
  double now = double(step_) / plan_.steps_per_year_;
  bool switched = group.flows->switch_year <= time + kSameTime;
  std::size_t rule = switched ? group.after : group.before;
  if (index_->rule(rule).annual) {
    int year = int(time + kSameTime);
    std::copy_n(index_->growth(rule, year), lanes, growth);
    std::copy_n(index_->exposure(rule, year), lanes, exposure);
  } else {
    log_forward_index(*market.breakeven, plan_.tenors_, time - now, growth);
    exp_lanes(growth, growth, lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) growth[lane] *= market.price_index[lane];
    std::fill_n(exposure, lanes, time - now);
  }
  if (!switched || group.before == group.after) return;
  int turn = group.flows->switch_year;
  const double *until = index_->growth(group.before, turn), *from = index_->growth(group.after, turn);
  const double *until_exposure = index_->exposure(group.before, turn),
               *from_exposure = index_->exposure(group.after, turn);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    growth[lane] *= until[lane] / from[lane];
    exposure[lane] += until_exposure[lane] - from_exposure[lane];
  }
}

/// Flows due at one time with one spread are one; its exposure is that of its parts, weighted by their amounts.
LiabilityPath::Amounts LiabilityPath::amounts(const MarketBlock& market, std::optional<std::size_t> liability) const {
  using Kind = LiabilityPlan::ScenarioFlow::Kind;
  const std::size_t lanes = payments_.lanes();
  const double now = double(step_) / plan_.steps_per_year_;
  const std::vector<LiabilityPlan::ScenarioFlow> flows = plan_.flows_to_come(now, liability);
  auto begins = [&](std::size_t k) { return k == 0 || !flows[k].due_with(flows[k - 1]); };
  std::size_t distinct = 0;
  for (std::size_t k = 0; k < flows.size(); ++k) distinct += begins(k);
  Amounts result;
  result.rows = LaneArray(2 * distinct, lanes);
  LaneArray scratch(2, lanes);
  double *growth = scratch.row(0), *growth_exposure = scratch.row(1);
  for (std::size_t k = 0; k < flows.size(); ++k) {
    const LiabilityPlan::ScenarioFlow& flow = flows[k];
    if (begins(k)) {
      double* row = result.rows.row(2 * result.flows.size());
      result.flows.push_back({flow.time - now, flow.spread, row, flow.exposed() ? row + lanes : nullptr});
    }
    double* amount = result.rows.row(2 * result.flows.size() - 2);
    double* exposure = result.rows.row(2 * result.flows.size() - 1);
    switch (flow.kind) {
      case Kind::indexed:
        grow(plan_.groups_[flow.source], flow.time, market, growth, growth_exposure);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          const double grown = flow.amount * growth[lane];
          amount[lane] += grown;
          exposure[lane] += grown * growth_exposure[lane];
        }
        break;
      case Kind::known_interest: {
        const double* interest = fixed_interest_.at(flow.source).row(0);
        for (std::size_t lane = 0; lane < lanes; ++lane) amount[lane] += interest[lane];
        break;
      }
      case Kind::notional:
        for (std::size_t lane = 0; lane < lanes; ++lane) amount[lane] += flow.amount;
        break;
    }
  }
  return result;
}

void LiabilityPath::value(const MarketBlock& market, LaneArray& out, double* dv01) const {
  const LiabilityValuer& valuer = plan_.total_.at(step_);
  if (index_) index_->expect(step_, market, plan_.tenors_);
  Amounts further;
  if (!plan_.groups_.empty() || !plan_.periods_.empty()) further = amounts(market, std::nullopt);
  valuer.value(market.curve, out, further.flows);
  // No amount depends on nominal rates to come: floating interest not known yet is replicated by its notional.
  if (dv01) valuer.dv01(market.curve, dv01, further.flows);
}

void LiabilityPath::value_one(const MarketBlock& market, std::size_t i, double* out) const {
  const LiabilityValuer& valuer = plan_.each_.at(step_)[i];
  LaneArray value(valuer.rows(), payments_.lanes());
  Amounts further = amounts(market, i);
  valuer.value(market.curve, value, further.flows);
  std::copy_n(value.row(LiabilityValuer::kPv), payments_.lanes(), out);
}

}  // namespace ballast
