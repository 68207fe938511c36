#include "engine/liabilities/liability_valuer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/liabilities/valuation.h"
#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/lane_math.h"

namespace ballast {

BALLAST_KERNELS(void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);
                void sensitivity_sums_array(const FlowTable&, const double*, std::size_t, bool, double*);)

namespace {

constexpr std::size_t kMappedLanes = 4 * kLaneGroup;  ///< the rates at all times of so many stay in cache

std::vector<KnownFlow> flows_to_come(const std::vector<const CashFlows*>& liabilities, double at_time) {
  std::vector<KnownFlow> due;
  for (const CashFlows* flows : liabilities) {
    for (std::size_t j = 0; j < flows->times.size(); ++j) {
      double time = flows->times[j] - at_time;
      if (time > kSameTime && flows->amounts[j] != 0.0) due.push_back({time, flows->spread, flows->amounts[j]});
    }
  }
  // By spread first: what is of one spread and regular in time is then so in the kernel's table.
  std::stable_sort(due.begin(), due.end(), [](const KnownFlow& a, const KnownFlow& b) {
    return a.spread != b.spread ? a.spread < b.spread : a.time < b.time;
  });
  std::vector<KnownFlow> merged;
  for (const KnownFlow& flow : due) {
    if (!merged.empty() && merged.back().time == flow.time && merged.back().spread == flow.spread) {
      merged.back().amount += flow.amount;
    } else {
      merged.push_back(flow);
    }
  }
  return merged;
}

/// The piece of a piecewise linear function with these nodes that t lies in; two times in one piece share its formula.
std::size_t piece(std::span<const double> nodes, double t) {
  if (nodes.size() < 2) return 0;
  return std::size_t(std::upper_bound(nodes.begin(), nodes.end(), t) - nodes.begin());
}

/// Splits a run where flows begin or cease to be equally far apart in time.
void split_by_regularity(const FlowRun& run, std::span<const KnownFlow> flows, std::vector<FlowRun>& into) {
  constexpr double kSameStep = 2e-13;       // years: what times lose to rounding
  constexpr std::uint32_t kWorthWhile = 6;  // flows; fewer are as fast by exp
  std::uint32_t from = run.begin, plain = run.begin;
  auto add = [&](std::uint32_t begin, std::uint32_t end, bool regular) {
    if (begin == end) return;
    into.push_back(run);
    into.back().begin = begin;
    into.back().end = end;
    into.back().regular = regular;
  };
  while (from < run.end) {
    std::uint32_t end = std::min(from + 2, run.end);
    while (end < run.end &&
           std::abs((flows[end].time - flows[end - 1].time) - (flows[from + 1].time - flows[from].time)) <= kSameStep) {
      ++end;
    }
    if (end - from >= kWorthWhile) {
      add(plain, from, false);
      add(from, end, true);
      from = plain = end;
    } else {
      from = std::max(from + 1, end - 1);
    }
  }
  add(plain, run.end, false);
}

}  // namespace

LiabilityValuer::LiabilityValuer(const std::vector<const CashFlows*>& liabilities, std::span<const double> curve_tenors,
                                 double at_time, Compounding compounding, std::span<const double> key_rates,
                                 bool full_measures, bool inflation, const YieldCurve* like)
    : tenors_(curve_tenors.begin(), curve_tenors.end()),
      key_rates_(key_rates.begin(), key_rates.end()),
      key_rate_count_(key_rates.size()),
      period_(compounding == Compounding::continuous ? 0.0 : 1.0 / periods_per_year(compounding)),
      full_(full_measures),
      inflation_(inflation && full_measures) {
  if (like && !like->method().linear_flat()) like_ = *like;
  double period = period_;
  std::vector<double> times;  // of map_, where there is one
  const std::vector<KnownFlow> due = flows_to_come(liabilities, at_time);
  std::vector<FlowRun> whole;
  for (std::uint32_t k = 0; k < due.size(); ++k) {
    double t = due[k].time, amount = due[k].amount;
    LinearWeights w = like_ ? LinearWeights{int(k), 0.0} : linear_weights(curve_tenors, t);
    if (like_) times.push_back(t);
    // Without key rates one node takes all: the modified duration is the sum of the key rates' rows.
    LinearWeights key = key_rates.empty() ? LinearWeights{} : linear_weights(key_rates, t);
    auto lower = static_cast<std::uint32_t>(w.lower), lower_key = static_cast<std::uint32_t>(key.lower);
    std::uint32_t upper = curve_tenors.size() > 1 && !like_ ? lower + 1 : lower;
    std::uint32_t upper_key = key_rates.size() > 1 ? lower_key + 1 : lower_key;
    double on_lower = 1.0 - w.weight_upper;
    flows_.push_back({-t * on_lower, -t * w.weight_upper, -t * due[k].spread, amount, t * amount});
    sensitivities_.push_back({-period * on_lower, -period * w.weight_upper, t * t * amount, t * amount * (t + period)});
    bool same = k > 0 && !like_ && due[k].spread == due[k - 1].spread &&
                piece(curve_tenors, t) == piece(curve_tenors, due[k - 1].time) &&
                piece(key_rates, t) == piece(key_rates, due[k - 1].time);
    if (!same) {
      bool inside = key_rates.size() > 1 && t > key_rates.front() && t < key_rates.back();
      double slope = inside ? 1 / (key_rates[lower_key + 1] - key_rates[lower_key]) : 0.0;
      double level = inside ? -key_rates[lower_key] * slope : key.weight_upper;
      if (key_rates.size() > 1 && t == key_rates.front()) {  // the first of its piece, at the node
        slope = 1 / (key_rates[1] - key_rates[0]);
        level = -key_rates[0] * slope;
      }
      whole.push_back({lower, upper, lower_key, upper_key, k, k, level, slope, false});
    }
    whole.back().end = k + 1;
  }
  for (const FlowRun& run : whole) split_by_regularity(run, due, runs_);
  if (like_) map_.emplace(curve_tenors, *like_, std::move(times));
  if (!full_) return;
  known_ = due;
  std::vector<double> known_times;
  for (const KnownFlow& flow : known_) known_times.push_back(flow.time);
  known_map_.emplace(curve_tenors, like_.value_or(YieldCurve()), std::move(known_times));
}

/// The kernel's sums: pv and time-weighted pv; of full measures also convexity and the key rates.
void LiabilityValuer::sum_flows(const LaneArray& zero_rates, LaneArray& sums) const {
  FlowTable table{flows_.data(), sensitivities_.data(), runs_.data(), runs_.size()};
  auto sum = [&](const LaneArray& rates, LaneArray& into) {
    if (full_) {
      BALLAST_DISPATCH(sensitivity_sums_array)(table, rates.data(), rates.lanes(), period_ > 0, into.data());
    } else {
      BALLAST_DISPATCH(discounted_sums_array)(table, rates.data(), rates.lanes(), into.row(0), into.row(1));
    }
  };
  if (!map_) return sum(zero_rates, sums);
  for (std::size_t first = 0; first < zero_rates.lanes(); first += kMappedLanes) {
    std::size_t lanes = std::min(kMappedLanes, zero_rates.lanes() - first);
    LaneArray rates(map_->size(), lanes), part(sums.rows(), lanes);
    map_->evaluate(zero_rates, first, rates);
    sum(rates, part);
    for (std::size_t row = 0; row < sums.rows(); ++row) std::copy_n(part.row(row), lanes, sums.row(row) + first);
  }
}

/// Zero rates at the flows' times: [flow][lane].
LaneArray LiabilityValuer::rates_at(std::span<const LaneAmount> flows, const LaneArray& zero_rates) const {
  std::vector<double> times;
  for (const LaneAmount& flow : flows) times.push_back(flow.time);
  LaneArray rates(times.size(), zero_rates.lanes());
  CurveMap(tenors_, like_.value_or(YieldCurve()), times).evaluate(zero_rates, rates);
  return rates;
}

/// Sums are laid out as the result is, before the division by PV; without key rates the modified row is summed itself.
/// rate: [lane], the zero rate of the flow's time; overwritten.
void LiabilityValuer::add(const LaneAmount& flow, double* rate, LaneArray& sums) const {
  std::size_t lanes = sums.lanes();
  double t = flow.time;
  LaneArray discounted(1, lanes);
  double* value = discounted.row(0);
  for (std::size_t lane = 0; lane < lanes; ++lane) value[lane] = -(rate[lane] + flow.spread) * t;
  exp_lanes(value, value, lanes);
  if (inflation_ && flow.exposure) {
    double* inflation = sums.row(inflation_row());
    for (std::size_t lane = 0; lane < lanes; ++lane) inflation[lane] += flow.exposure[lane] * value[lane];
  }
  double *pv = sums.row(kPv), *macaulay = sums.row(kMacaulay);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    value[lane] *= flow.amount[lane];
    pv[lane] += value[lane];
    macaulay[lane] += t * value[lane];
  }
  if (!full_) return;
  for (std::size_t lane = 0; lane < lanes; ++lane) rate[lane] *= -period_;
  exp_lanes(rate, rate, lanes);  // dz/dr
  double *convexity = sums.row(kConvexity), *modified = sums.row(kModified);
  LinearWeights key = linear_weights(key_rates_, t);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double shifted = t * value[lane] * rate[lane];
    convexity[lane] += (t + period_) * shifted * rate[lane];
    value[lane] = shifted;
    if (key_rate_count_ == 0) modified[lane] += shifted;
  }
  if (key_rate_count_ == 0) return;
  double* key_lower = sums.row(kKeyRates + std::size_t(key.lower));
  for (std::size_t lane = 0; lane < lanes; ++lane) key_lower[lane] += (1 - key.weight_upper) * value[lane];
  if (!(key.weight_upper > 0)) return;
  double* key_upper = sums.row(kKeyRates + std::size_t(key.lower) + 1);
  for (std::size_t lane = 0; lane < lanes; ++lane) key_upper[lane] += key.weight_upper * value[lane];
}

void LiabilityValuer::value(const LaneArray& zero_rates, LaneArray& out, std::span<const LaneAmount> further) const {
  BALLAST_EXPECTS(zero_rates.rows() == tenors_.size());
  BALLAST_EXPECTS(out.rows() == rows() && out.lanes() == zero_rates.lanes());
  std::size_t lanes = out.lanes();
  double* pv = out.row(kPv);
  if (!full_) {
    sum_flows(zero_rates, out);
  } else {
    // The kernel writes pv, time-weighted pv, convexity, key rates...: one row earlier than they belong here.
    LaneArray sums(3 + std::max<std::size_t>(1, key_rate_count_), lanes);
    sum_flows(zero_rates, sums);
    std::copy_n(sums.row(0), 2 * lanes, pv);
    std::copy_n(sums.row(2), lanes, out.row(kConvexity));
    std::copy_n(sums.row(3), lanes, out.row(kModified));
    if (key_rate_count_ > 0) std::copy_n(sums.row(3), key_rate_count_ * lanes, out.row(kKeyRates));
    if (inflation_) std::fill_n(out.row(inflation_row()), lanes, 0.0);
  }
  if (!further.empty()) {
    LaneArray rates = rates_at(further, zero_rates);
    for (std::size_t k = 0; k < further.size(); ++k) add(further[k], rates.row(k), out);
  }
  if (full_ && key_rate_count_ > 0) {
    double* modified = out.row(kModified);
    std::copy_n(out.row(kKeyRates), lanes, modified);
    for (std::size_t k = 1; k < key_rate_count_; ++k) {
      const double* key = out.row(kKeyRates + k);
      for (std::size_t lane = 0; lane < lanes; ++lane) modified[lane] += key[lane];
    }
  }
  for (std::size_t row = kMacaulay; row < rows(); ++row) {
    double* measure = out.row(row);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      measure[lane] = pv[lane] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : measure[lane] / pv[lane];
    }
  }
}

/// Adds flows valued at rates a basis point down less at rates a basis point up. With m periods a year the discount
/// factor of a rate h higher is that of the rate itself times (1 + h v / m)^(-m t), v = exp(-z / m).
class LiabilityValuer::Revaluation {
 public:
  Revaluation(double period, std::size_t lanes) : period_(period), scratch_(3, lanes), lanes_(lanes) {}

  /// rate: [lane], the zero rate at the time; overwritten. amount(lane). difference: [lane].
  template <class Amount>
  void add(double time, double spread, double* rate, const Amount& amount, double* difference) {
    discount(time, spread, rate);
    const double *value = scratch_.row(0), *down = scratch_.row(1), *up = scratch_.row(2);
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      difference[lane] += amount(lane) * value[lane] * (down[lane] - up[lane]);
    }
  }

 private:
  /// Discount factors, and their relative changes when rates fall and rise.
  void discount(double time, double spread, double* rate) {
    double *value = scratch_.row(0), *down = scratch_.row(1), *up = scratch_.row(2);
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      value[lane] = -(rate[lane] + spread) * time;
      rate[lane] *= -period_;
    }
    exp_lanes(value, value, lanes_);
    exp_lanes(rate, rate, lanes_);  // dz/dr
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      const double first = kBasisPoint * rate[lane], x = first * period_;
      // ln(1 + x) / x to x^3: x is about a basis point.
      up[lane] = -time * first * (1 + x * (-1.0 / 2 + x * (1.0 / 3 - x / 4)));
      down[lane] = time * first * (1 + x * (1.0 / 2 + x * (1.0 / 3 + x / 4)));
    }
    expm1_lanes(down, down, lanes_);
    expm1_lanes(up, up, lanes_);
  }

  double period_;
  LaneArray scratch_;
  std::size_t lanes_;
};

void LiabilityValuer::dv01(const LaneArray& zero_rates, double* out, std::span<const LaneAmount> further) const {
  BALLAST_EXPECTS(full_ && zero_rates.rows() == tenors_.size());
  std::fill_n(out, zero_rates.lanes(), 0.0);
  for (std::size_t first = 0; first < zero_rates.lanes(); first += kMappedLanes) {
    const std::size_t lanes = std::min(kMappedLanes, zero_rates.lanes() - first);
    LaneArray rates(known_map_->size(), lanes);
    known_map_->evaluate(zero_rates, first, rates);
    Revaluation revaluation(period_, lanes);
    for (std::size_t k = 0; k < known_.size(); ++k) {
      const KnownFlow& flow = known_[k];
      revaluation.add(
          flow.time, flow.spread, rates.row(k), [&](std::size_t) { return flow.amount; }, out + first);
    }
  }
  if (!further.empty()) {
    LaneArray rates = rates_at(further, zero_rates);
    Revaluation revaluation(period_, zero_rates.lanes());
    for (std::size_t k = 0; k < further.size(); ++k) {
      const LaneAmount& flow = further[k];
      revaluation.add(
          flow.time, flow.spread, rates.row(k), [&](std::size_t lane) { return flow.amount[lane]; }, out);
    }
  }
  for (std::size_t lane = 0; lane < zero_rates.lanes(); ++lane) out[lane] *= 0.5;
}

}  // namespace ballast
