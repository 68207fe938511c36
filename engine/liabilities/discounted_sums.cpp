#include "engine/liabilities/discounted_sums.h"

#include <algorithm>

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"

namespace ballast {

BALLAST_KERNELS(void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);)

DiscountedSums::DiscountedSums(std::span<const double> tenors, const YieldCurve& like,
                               std::span<const DiscountedTerm> terms)
    : tenors_(tenors.begin(), tenors.end()) {
  bool mapped = !like.method().linear_flat();
  std::vector<double> times;
  for (std::uint32_t k = 0; k < terms.size(); ++k) {
    const DiscountedTerm& term = terms[k];
    LinearWeights w = linear_weights(tenors_, term.t);
    if (mapped) {
      times.push_back(term.t);
      at_tenors_.push_back(w);
      w = {int(k), 0.0};
    }
    auto lower = static_cast<std::uint32_t>(w.lower);
    std::uint32_t upper = tenors_.size() > 1 && !mapped ? lower + 1 : lower;
    flows_.push_back(
        {term.factor * (1.0 - w.weight_upper), term.factor * w.weight_upper, term.shift, term.first, term.second});
    if (runs_.empty() || runs_.back().lower_row != lower) runs_.push_back({lower, upper, 0, 0, k, k, 0.0, 0.0, false});
    runs_.back().end = k + 1;
  }
  if (!times.empty()) map_.emplace(tenors, like, std::move(times));
}

void DiscountedSums::evaluate(const DiscountCurve& curve, double* first, double* second) const {
  std::size_t lanes = curve.zero_rates.lanes();
  BALLAST_EXPECTS(curve.zero_rates.rows() == tenors_.size());
  FlowTable table{flows_.data(), nullptr, runs_.data(), runs_.size()};
  if (flows_.empty() || (!map_ && !curve.breakeven && !curve.spread)) {
    BALLAST_DISPATCH(discounted_sums_array)(table, curve.zero_rates.data(), lanes, first, second);
    return;
  }
  constexpr std::size_t kLanes = 4 * kLaneGroup;  // the rates at all times of so many stay in cache
  for (std::size_t from = 0; from < lanes; from += kLanes) {
    LaneArray rates(map_ ? map_->size() : tenors_.size(), std::min(kLanes, lanes - from));
    set_rates(curve, from, rates);
    BALLAST_DISPATCH(discounted_sums_array)(table, rates.data(), rates.lanes(), first + from, second + from);
  }
}

/// The rates of lanes from, from + 1, ...: at the terms' times with a map, else at the tenors.
void DiscountedSums::set_rates(const DiscountCurve& curve, std::size_t from, LaneArray& rates) const {
  std::size_t lanes = rates.lanes();
  if (map_) map_->evaluate(curve.zero_rates, from, rates);
  for (std::size_t k = 0; k < rates.rows(); ++k) {
    double* z = rates.row(k);
    if (!map_) std::copy_n(curve.zero_rates.row(k) + from, lanes, z);
    if (curve.breakeven) {
      LinearWeights w = map_ ? at_tenors_[k] : LinearWeights{int(k), 0.0};
      double on_upper = w.weight_upper;
      const double* lower = curve.breakeven->row(std::size_t(w.lower)) + from;
      const double* upper = on_upper > 0 ? curve.breakeven->row(std::size_t(w.lower) + 1) + from : lower;
      for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] -= (1 - on_upper) * lower[lane] + on_upper * upper[lane];
    }
    if (curve.spread) {
      for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] += curve.spread[from + lane];
    }
  }
}

}  // namespace ballast
