#include "engine/liabilities/discounted_sums.h"

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/market/curve.h"

namespace ballast {

namespace v3 {
void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);
}
namespace v4 {
void discounted_sums_array(const FlowTable&, const double*, std::size_t, double*, double*);
}

void DiscountedSums::add(double t, double factor, double shift, double a, double b) {
  LinearWeights w = linear_weights(tenors_, t);
  auto lower = static_cast<std::uint32_t>(w.lower);
  std::uint32_t upper = tenors_.size() > 1 ? lower + 1 : lower;
  auto k = static_cast<std::uint32_t>(flows_.size());
  flows_.push_back({factor * (1.0 - w.weight_upper), factor * w.weight_upper, shift, a, b});
  if (runs_.empty() || runs_.back().lower_row != lower) runs_.push_back({lower, upper, 0, 0, k, k, 0.0, 0.0, false});
  runs_.back().end = k + 1;
}

void DiscountedSums::evaluate(const LaneArray& zero_rates, double* first, double* second) const {
  BALLAST_EXPECTS(zero_rates.rows() == tenors_.size());
  FlowTable table{flows_.data(), nullptr, runs_.data(), runs_.size()};
  BALLAST_DISPATCH(discounted_sums_array)(table, zero_rates.data(), zero_rates.lanes(), first, second);
}

}  // namespace ballast
