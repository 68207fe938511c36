#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/portfolio/portfolio_parameters.h"
#include "scenarios/market/history.h"

namespace ballast {

/// How a series reacts to rates: return = -duration dz + convexity dz^2 / 2, dz the change of the continuous zero rate
/// at `tenor`.
struct RateSensitivity {
  double duration = 0.0;     ///< years
  double convexity = 0.0;    ///< years squared
  double tenor = 0.0;        ///< years
  double t_statistic = 0.0;  ///< of a regressed duration; 0 for a declared one

  double price_change(double rate_change) const {
    return -duration * rate_change + convexity * rate_change * rate_change / 2;
  }
};

/// Ordinary least squares of the series' log returns on the changes of one zero rate over the same periods: the tenor
/// that explains most. Duration is minus the slope. Empty without a curve history.
std::optional<RateSensitivity> regress_duration(const MarketHistory& history, std::size_t series);

}  // namespace ballast
