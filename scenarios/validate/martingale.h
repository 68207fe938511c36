#pragma once

#include "scenarios/simulate.h"
#include "scenarios/validate/validation_row.h"

namespace ballast {

/// Simulated for the rows below.
inline constexpr std::size_t kTheoryScenarios = 4096;

/// What must hold of every risk-neutral set of scenarios, whatever the model (Harrison & Kreps 1979), with D_t the
/// product of 1 / cash over the steps to t:
/// - zero-coupon bonds: E[D_t] = P(0, t), and E[D_t P_t(t + 10)] = P(0, t + 10), P_t off the simulated curve;
/// - every series: E[D_t S_t / S_0] = 1.
/// t: 1, 5, 10, 20 and 30 years as far as `years` reaches, and `years` itself. Simulates kTheoryScenarios with random
/// numbers of their own (Sequence::calibrate); z-scores are left to judge(). The world must have a curve.
std::vector<ValidationRow> martingale_rows(const World& world, double years, std::uint64_t seed);

/// Closed-form prices of zero-coupon bonds (Vasicek 1977; Cox, Ingersoll & Ross 1985; of Hull & White 1990 and G2++,
/// the initial curve they are fitted to) against what the fitted model's own short rate discounts to, at the same
/// times: World::risk_neutral_twin. No rows for other curve models.
std::vector<ValidationRow> bond_price_rows(const World& world, const MarketHistory& history, double years,
                                           std::uint64_t seed);

}  // namespace ballast
