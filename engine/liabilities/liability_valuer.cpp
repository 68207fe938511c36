#include "engine/liabilities/liability_valuer.h"

#include <algorithm>
#include <limits>

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"

namespace ballast {

namespace v3 {
void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);
void sensitivity_sums_array(const FlowTable&, const double*, std::size_t, bool, double*);
}  // namespace v3
namespace v4 {
void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);
void sensitivity_sums_array(const FlowTable&, const double*, std::size_t, bool, double*);
}  // namespace v4

namespace {

struct DueFlow {
  double time;  ///< still to run
  double spread, amount;
};

std::vector<DueFlow> flows_to_come(const std::vector<const CashFlows*>& liabilities, double at_time) {
  std::vector<DueFlow> due;
  for (const CashFlows* flows : liabilities) {
    for (std::size_t j = 0; j < flows->times.size(); ++j) {
      double time = flows->times[j] - at_time;
      if (time > kSameTime && flows->amounts[j] != 0.0) due.push_back({time, flows->spread, flows->amounts[j]});
    }
  }
  std::stable_sort(due.begin(), due.end(), [](const DueFlow& a, const DueFlow& b) { return a.time < b.time; });
  std::vector<DueFlow> merged;
  for (const DueFlow& flow : due) {
    auto same_time = merged.rbegin();
    while (same_time != merged.rend() && same_time->time == flow.time && same_time->spread != flow.spread) ++same_time;
    if (same_time != merged.rend() && same_time->time == flow.time) {
      same_time->amount += flow.amount;
    } else {
      merged.push_back(flow);
    }
  }
  return merged;
}

}  // namespace

LiabilityValuer::LiabilityValuer(const std::vector<const CashFlows*>& liabilities, std::span<const double> curve_tenors,
                                 double at_time, Compounding compounding, std::span<const double> key_rates,
                                 bool full_measures)
    : tenor_count_(curve_tenors.size()),
      key_rate_count_(key_rates.size()),
      full_(full_measures),
      compounded_(compounding != Compounding::continuous) {
  double period = compounded_ ? 1.0 / periods_per_year(compounding) : 0.0;
  for (const DueFlow& due : flows_to_come(liabilities, at_time)) {
    double t = due.time;
    LinearWeights w = linear_weights(curve_tenors, t);
    // Without key rates one node takes all: the modified duration is the sum of the key rates' rows.
    LinearWeights key = key_rates.empty() ? LinearWeights{} : linear_weights(key_rates, t);
    auto lower = static_cast<std::uint32_t>(w.lower), lower_key = static_cast<std::uint32_t>(key.lower);
    std::uint32_t upper = curve_tenors.size() > 1 ? lower + 1 : lower;
    std::uint32_t upper_key = key_rates.size() > 1 ? lower_key + 1 : lower_key;
    auto k = static_cast<std::uint32_t>(flows_.size());
    double on_lower = 1.0 - w.weight_upper, time_amount = t * due.amount;
    flows_.push_back({-t * on_lower, -t * w.weight_upper, -t * due.spread, due.amount, time_amount});
    sensitivities_.push_back({-period * on_lower, -period * w.weight_upper, time_amount * (1.0 - key.weight_upper),
                              time_amount * key.weight_upper, time_amount * (t + period)});
    if (runs_.empty() || runs_.back().lower_row != lower || runs_.back().lower_key != lower_key) {
      runs_.push_back({lower, upper, lower_key, upper_key, k, k});
    }
    runs_.back().end = k + 1;
  }
}

void LiabilityValuer::value(const LaneArray& zero_rates, LaneArray& out) const {
  BALLAST_EXPECTS(zero_rates.rows() == tenor_count_);
  BALLAST_EXPECTS(out.rows() == rows() && out.lanes() == zero_rates.lanes());
  std::size_t lanes = out.lanes();
  FlowTable table{flows_.data(), sensitivities_.data(), runs_.data(), runs_.size()};
  double* pv = out.row(kPv);
  if (!full_) {
    BALLAST_DISPATCH(discounted_sums_array)(table, zero_rates.data(), lanes, pv, out.row(kMacaulay));
  } else {
    // The kernel writes pv, time-weighted pv, convexity, key rates...: one row earlier than they belong here.
    LaneArray sums(3 + std::max<std::size_t>(1, key_rate_count_), lanes);
    BALLAST_DISPATCH(sensitivity_sums_array)(table, zero_rates.data(), lanes, compounded_, sums.data());
    std::copy_n(sums.row(0), 2 * lanes, pv);
    std::copy_n(sums.row(2), lanes, out.row(kConvexity));
    double* modified = out.row(kModified);
    std::copy_n(sums.row(3), lanes, modified);
    for (std::size_t k = 1; k < key_rate_count_; ++k) {
      const double* key = sums.row(3 + k);
      for (std::size_t lane = 0; lane < lanes; ++lane) modified[lane] += key[lane];
    }
    if (key_rate_count_ > 0) std::copy_n(sums.row(3), key_rate_count_ * lanes, out.row(kKeyRates));
  }
  for (std::size_t row = kMacaulay; row < rows(); ++row) {
    double* measure = out.row(row);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      measure[lane] = pv[lane] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : measure[lane] / pv[lane];
    }
  }
}

}  // namespace ballast
