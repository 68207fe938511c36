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

/// The curve after the shock. Of a curve that is linear between tenors and flat outside, it is taken at those, at
/// quarters up to 30 years and at years up to 100, so that a shock that bends between two tenors is met, and linear
/// between them; of any other it is the shock of its rate at every time.
YieldCurve shocked_curve(const YieldCurve& curve, const RateShock& shock);

}  // namespace ballast
