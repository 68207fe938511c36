#pragma once

#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/stress/credit_quality.h"
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

/// Fall in value of a bond whose spread widens (article 176): by credit quality step and modified duration in years, of
/// which at least 1 counts.
double solvency2_spread_stress(CreditQuality quality, double modified_duration);

/// Losses of own funds under each of the market stresses; a gain is negative.
struct MarketLosses {
  double interest_up = 0, interest_down = 0, equity_type_1 = 0, equity_type_2 = 0, property = 0, spread = 0;
};

/// Capital for each market risk and for all together.
struct MarketCapital {
  double interest = 0, equity = 0, property = 0, spread = 0;
  bool rates_fall = false;  ///< the fall of rates costs more than their rise
  double total = 0;
};

/// The root of the correlated capitals, none below 0. Interest: the larger loss (article 165); equity: types 1 and 2
/// with correlation 0.75 (168). Correlations (164): equity with property and with spread 0.75, property with spread
/// 0.5, interest with each of them A = 0 when rates rise costs more, else 0.5. One currency and no concentration: those
/// two modules of article 164 are 0.
MarketCapital solvency2_market_capital(const MarketLosses& losses);

}  // namespace ballast
