#pragma once

#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/stress/rate_shock.h"

namespace ballast {

/// Solvency II's standard formula for market risk. solvency2_review2020: EIOPA's advice for the review, not the law:
/// the factors finally adopted were not at hand (STRESSES.md).
enum class Solvency2Variant { solvency2_2015, solvency2_review2020 };
template <>
struct EnumNames<Solvency2Variant> {
  static constexpr const char* value[] = {"solvency2_2015", "solvency2_review2020"};
};

/// interest_up and interest_down, on annual spot rates. 2015: relative factors by maturity, up at least 1 point, down
/// nothing where rates are not positive. Review: relative and absolute parts, down to -1.25% at the lowest.
std::vector<RateShock> solvency2_rate_shocks(Solvency2Variant variant);

/// Falls in value (articles 168-174), the equity ones before the symmetric adjustment.
inline constexpr double kEquityType1 = 0.39, kEquityType2 = 0.49, kProperty = 0.25;

/// Capital of both types of equity: correlation 0.75 (article 168).
double solvency2_equity_capital(double type_1, double type_2);

/// Capital for interest rate, equity and property risk (article 164): the larger interest loss counts, with
/// correlation 0 to the others when rates rise and 0.5 when they fall; equity and property 0.75. Spread, currency and
/// concentration risk are not in it. Losses are >= 0.
double solvency2_market_capital(double interest_up, double interest_down, double equity, double property);

}  // namespace ballast
