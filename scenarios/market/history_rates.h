#pragma once

#include <vector>

#include <Eigen/Core>

#include "scenarios/market/curve.h"
#include "scenarios/market/history.h"

namespace ballast {

/// Zero rates at `years` of the history's curves, each made as simulated curves are (curve_map.h): by the method of
/// `like`, the curve at the valuation date. (T + 1) x years.size(), continuous; the history needs tenors.
Eigen::MatrixXd history_rates(const MarketHistory& history, const YieldCurve& like, const std::vector<double>& years);

}  // namespace ballast
