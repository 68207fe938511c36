#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/market/curve.h"

namespace ballast {

/// A sudden change of the yield curve.
struct RateShock {
  std::string name;                                    ///< e.g. "parallel_up"
  std::function<double(double t, double z)> stressed;  ///< continuous zero rate after, of tenor t and the one before
};

/// The curve after the shock. It is taken at the curve's own tenors and at quarters up to 30 years and years up to 100,
/// so that a shock that bends between two tenors is met; between those it is linear, as every curve here.
YieldCurve shocked_curve(const YieldCurve& curve, const RateShock& shock);

}  // namespace ballast
