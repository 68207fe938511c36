#include "scenarios/market/history_rates.h"

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve_map.h"

namespace ballast {

Eigen::MatrixXd history_rates(const MarketHistory& history, const YieldCurve& like, const std::vector<double>& years) {
  const Eigen::Index count = history.zero_rates.rows();
  // Dates take the place of lanes.
  LaneArray curves(history.tenors.size(), std::size_t(count)), rates(years.size(), std::size_t(count));
  for (std::size_t m = 0; m < curves.rows(); ++m) {
    for (Eigen::Index t = 0; t < count; ++t) curves(m, std::size_t(t)) = history.zero_rates(t, Eigen::Index(m));
  }
  CurveMap(history.tenors, like, years).evaluate(curves, rates);
  Eigen::MatrixXd result(count, Eigen::Index(years.size()));
  for (std::size_t i = 0; i < years.size(); ++i) {
    for (Eigen::Index t = 0; t < count; ++t) result(t, Eigen::Index(i)) = rates(i, std::size_t(t));
  }
  return result;
}

}  // namespace ballast
