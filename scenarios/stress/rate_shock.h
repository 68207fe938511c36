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

/// The curve after the shock of its rate at every time, between tenors and beyond them too. Its tenors are those of the
/// curve before.
YieldCurve shocked_curve(const YieldCurve& curve, const RateShock& shock);

}  // namespace ballast
