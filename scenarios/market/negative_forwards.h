#pragma once

#include <string>

#include "scenarios/market/curve.h"

namespace ballast {

/// "the forward rate is negative from 0.1 to 3 years, the lowest -0.0041", looked at every month up to the last tenor;
/// "" where it is nowhere. Negative forwards are sound; whoever did not expect them should know.
std::string negative_forwards(const YieldCurve& curve);

}  // namespace ballast
