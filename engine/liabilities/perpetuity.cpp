#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/payments.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

/// Where the long rates are read: every construction of a curve has settled by then.
constexpr double kVeryLong = 1000.0;

/// What is left out of the value, in proportion to it, is below this.
constexpr double kLeftOut = 1e-12;

/// The rate must exceed growth by this much: below it, a value depends on payments thousands of years away.
constexpr double kLeastMargin = 0.002;

}  // namespace

std::unique_ptr<LiabilityStructure> make_perpetuity(const PerpetuityParameters& parameters,
                                                    const LiabilityContext& context) {
  const char* rate_name = "long zero rate";
  double rate = context.curve.zero_rate(kVeryLong) + context.spread;
  if (index_rule(parameters.indexation) != no_indexation()) {
    rate -= context.breakeven.empty() ? 0.0 : context.breakeven.zero_rate(kVeryLong);
    rate_name = "long real rate";
  }
  double growth = std::log1p(parameters.growth), margin = rate - growth;
  if (margin <= 0) {
    throw key_error(context.key_path + ".growth",
                    fmt::format("{:.4g} is not below the {} of {:.4g} (the value of the payments would be infinite); "
                                "give a growth below it, or an annuity",
                                parameters.growth, rate_name, std::expm1(rate)));
  }
  if (margin < kLeastMargin) {
    throw key_error(
        context.key_path + ".growth",
        fmt::format("{:.4g} is within {} of the {} of {:.4g} (most of the value would be payments centuries "
                    "away); give an annuity with the years that are meant",
                    parameters.growth, kLeastMargin, rate_name, std::expm1(rate)));
  }
  // The relative rest after n years is about exp(-margin n).
  long count = std::lround(std::ceil(-std::log(kLeftOut) / margin)) * parameters.payments_per_year;
  return std::make_unique<CertainStructure>(
      terms_of(context.name, context.spread,
               regular_payments(parameters.amount, parameters.payments_per_year, parameters.growth,
                                parameters.deferred_years, count),
               parameters.indexation));
}

}  // namespace ballast
