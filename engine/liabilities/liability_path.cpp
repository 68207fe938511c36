#include "engine/liabilities/liability_path.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"

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
  double step_years = 1.0 / steps_per_year;
  bool inflation = false;
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    for (const IndexedFlows& flows : terms_[i].indexed) {
      inflation = true;
      std::size_t group = groups_.size();
      std::size_t after = rule_index(flows.after);
      groups_.push_back({i, flows.switch_year > 0 ? rule_index(flows.before) : after, after, &flows});
      years_ = std::max(years_, flows.switch_year);
      for (std::size_t j = 0; j < flows.times.size(); ++j) {
        years_ = std::max(years_, int(flows.times[j] + kSameTime) + 1);
        auto [step, part_left] = payment_time(flows.times[j], step_years);
        if (step <= steps) indexed_due_[std::size_t(step)].push_back({group, j, part_left});
      }
    }
    for (const FloatingPeriod& period : terms_[i].floating) {
      int fixing = int(std::floor((period.start + kSameTime) * steps_per_year));
      if (fixing <= steps) fixings_[std::size_t(fixing)].push_back(periods_.size());
      auto [step, part_left] = payment_time(period.end, step_years);
      if (step <= steps) floating_due_[std::size_t(step)].push_back({0, periods_.size(), part_left});
      periods_.push_back({i, period, fixing});
    }
  }
  for (const ValuationTime& time : times) {
    auto valuer_of = [&](const std::vector<const CashFlows*>& flows, bool full) {
      return LiabilityValuer(flows, tenors_, time.step * step_years, measures.compounding,
                             full ? measures.key_rates : std::vector<double>{}, full, inflation, &initial_);
    };
    if (!total_.emplace(time.step, valuer_of(fixed_flows(terms_), time.full)).second || !time.each) continue;
    for (const LiabilityTerms& one : terms_) each_[time.step].push_back(valuer_of({&one.fixed}, false));
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

LiabilityPath::Amounts LiabilityPath::amounts(const MarketBlock& market, std::optional<std::size_t> liability) const {
  std::size_t lanes = payments_.lanes();
  double now = double(step_) / plan_.steps_per_year_;
  struct Term {
    double time, spread, amount;
    const LiabilityPlan::IndexedGroup* group;  ///< null: floating interest that is known
    std::size_t period;
  };
  std::vector<Term> terms;
  Amounts result;
  for (const LiabilityPlan::IndexedGroup& group : plan_.groups_) {
    if (liability && group.liability != *liability) continue;
    for (std::size_t j = 0; j < group.flows->times.size(); ++j) {
      double time = group.flows->times[j];
      if (time - now > kSameTime) {
        terms.push_back({time, plan_.terms_[group.liability].fixed.spread, group.flows->amounts[j], &group, 0});
      }
    }
  }
  std::vector<Term> notionals;
  for (std::size_t k = 0; k < plan_.periods_.size(); ++k) {
    const auto& [owner, period, fixing] = plan_.periods_[k];
    if ((liability && owner != *liability) || period.end - now <= kSameTime) continue;
    double spread = plan_.terms_[owner].fixed.spread;
    if (period.start - now > kSameTime) {
      notionals.push_back(
          {period.start, spread, period.notional * std::exp(-spread * (period.end - period.start)), nullptr, k});
      notionals.push_back({period.end, spread, -period.notional, nullptr, k});
    } else {
      terms.push_back({period.end, spread, 1.0, nullptr, k});
    }
  }
  auto earlier = [](const Term& a, const Term& b) { return a.time != b.time ? a.time < b.time : a.spread < b.spread; };
  std::stable_sort(terms.begin(), terms.end(), earlier);
  std::stable_sort(notionals.begin(), notionals.end(), earlier);
  auto same = [](const Term& a, const Term& b) { return a.time == b.time && a.spread == b.spread; };
  std::size_t distinct = 0;
  for (auto* list : {&terms, &notionals}) {
    for (std::size_t k = 0; k < list->size(); ++k) distinct += k == 0 || !same((*list)[k - 1], (*list)[k]);
  }
  result.rows = LaneArray(2 * distinct, lanes);
  LaneArray scratch(2, lanes);
  double *growth = scratch.row(0), *exposure = scratch.row(1);
  auto open = [&](const Term& term, bool exposed) {
    std::size_t row = 2 * result.flows.size();
    result.flows.push_back(
        {term.time - now, term.spread, result.rows.row(row), exposed ? result.rows.row(row + 1) : nullptr});
    return row;
  };
  std::size_t row = 0;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const Term& term = terms[k];
    if (k == 0 || !same(terms[k - 1], term)) row = open(term, true);
    double *amount = result.rows.row(row), *exposed = result.rows.row(row + 1);
    if (!term.group) {
      const double* interest = fixed_interest_.at(term.period).row(0);
      for (std::size_t lane = 0; lane < lanes; ++lane) amount[lane] += interest[lane];
      continue;
    }
    grow(*term.group, term.time, market, growth, exposure);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      double grown = term.amount * growth[lane];
      amount[lane] += grown;
      exposed[lane] += grown * exposure[lane];
    }
  }
  for (std::size_t k = 0; k < notionals.size(); ++k) {
    if (k == 0 || !same(notionals[k - 1], notionals[k])) row = open(notionals[k], false);
    double* amount = result.rows.row(row);
    for (std::size_t lane = 0; lane < lanes; ++lane) amount[lane] += notionals[k].amount;
  }
  return result;
}

void LiabilityPath::value(const MarketBlock& market, LaneArray& out) const {
  const LiabilityValuer& valuer = plan_.total_.at(step_);
  if (plan_.groups_.empty() && plan_.periods_.empty()) return valuer.value(market.curve, out);
  if (index_) index_->expect(step_, market, plan_.tenors_);
  Amounts further = amounts(market, std::nullopt);
  valuer.value(market.curve, out, further.flows);
}

void LiabilityPath::value_one(const MarketBlock& market, std::size_t i, double* out) const {
  const LiabilityValuer& valuer = plan_.each_.at(step_)[i];
  LaneArray value(valuer.rows(), payments_.lanes());
  Amounts further = amounts(market, i);
  valuer.value(market.curve, value, further.flows);
  std::copy_n(value.row(LiabilityValuer::kPv), payments_.lanes(), out);
}

}  // namespace ballast
