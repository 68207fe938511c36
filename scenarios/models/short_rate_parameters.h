#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

/// Under which measure scenarios are simulated.
enum class Measure { real_world, risk_neutral };
template <>
struct EnumNames<Measure> {
  static constexpr const char* value[] = {"real_world", "risk_neutral"};
};

/// How a model that has a curve of its own meets the curve at the valuation date.
enum class InitialCurve { constant_spread, deterministic_shift, model };
template <>
struct EnumNames<InitialCurve> {
  static constexpr const char* value[] = {"constant_spread", "deterministic_shift", "model"};
};

namespace short_rate_keys {

inline constexpr Spec kRealWorldMeanReversion{
    .help = "speed at which it reverts under the real-world measure; auto: estimated",
    .unit = "1/years",
    .min = 1e-3,
    .max = 20,
    .empty = "auto"};
inline constexpr Spec kInitialCurve{
    .help =
        "how today's curve is met: constant_spread (today's difference to the model's curve stays at every tenor), "
        "deterministic_shift (a shift of the short rate over time: without arbitrage) or model (simulation "
        "starts from the model's own curve instead); auto: constant_spread, under the risk-neutral measure "
        "deterministic_shift",
    .empty = "auto"};
inline constexpr Spec kLevel{
    .help =
        "short rate of the history at which the factors are zero: from it the real-world drift counts; "
        "auto: estimated",
    .min = -0.5,
    .max = 5,
    .empty = "auto"};
inline constexpr Spec kFloor{.help = "lowest continuous zero rate, cut after the model", .empty = "none"};
inline constexpr Spec kMeanReversion{
    .help = "speed at which the short rate (factor) reverts under the risk-neutral measure; auto: estimated",
    .unit = "1/years",
    .min = 1e-3,
    .max = 20,
    .empty = "auto"};
inline constexpr Spec kMarketPriceOfRisk{
    .help =
        "drift of the Brownian motion under the real-world measure; negative when long rates carry a premium; auto: "
        "estimated",
    .min = -50,
    .max = 50,
    .empty = "auto"};

}  // namespace short_rate_keys

/// Study section `scenarios.vasicek`.
struct VasicekParameters {
  std::optional<double> mean_reversion, mean, volatility, real_world_mean_reversion, market_price_of_risk, short_rate;
  std::optional<InitialCurve> initial_curve;
  std::optional<double> floor;

  static void describe(auto& self, auto&& key) {
    key("mean_reversion", self.mean_reversion, short_rate_keys::kMeanReversion);
    key("mean", self.mean,
        Spec{.help = "level to which the short rate reverts under the risk-neutral measure; auto: estimated",
             .min = -0.5,
             .max = 5,
             .empty = "auto"});
    key("volatility", self.volatility,
        Spec{.help = "absolute volatility of the short rate; auto: estimated",
             .unit = "per year^0.5",
             .min = 0,
             .max = 1,
             .exclusive_min = true,
             .empty = "auto"});
    key("real_world_mean_reversion", self.real_world_mean_reversion, short_rate_keys::kRealWorldMeanReversion);
    key("market_price_of_risk", self.market_price_of_risk, short_rate_keys::kMarketPriceOfRisk);
    key("short_rate", self.short_rate,
        Spec{.help = "short rate at the valuation date; auto: the one that fits today's curve best", .empty = "auto"});
    key("initial_curve", self.initial_curve, short_rate_keys::kInitialCurve);
    key("floor", self.floor, short_rate_keys::kFloor);
  }
};

/// Study section `scenarios.cir`.
struct CirParameters {
  std::optional<double> mean_reversion, mean, volatility, market_price_of_risk, short_rate;
  double shift = 0.0;
  std::optional<InitialCurve> initial_curve;
  std::optional<double> floor;

  static void describe(auto& self, auto&& key) {
    key("mean_reversion", self.mean_reversion, short_rate_keys::kMeanReversion);
    key("mean", self.mean,
        Spec{.help = "level to which short rate plus shift reverts under the risk-neutral measure; auto: estimated",
             .min = 0,
             .max = 10,
             .exclusive_min = true,
             .empty = "auto"});
    key("volatility", self.volatility,
        Spec{.help = "volatility over the square root of short rate plus shift; auto: estimated",
             .unit = "per year^0.5",
             .min = 0,
             .max = 5,
             .exclusive_min = true,
             .empty = "auto"});
    key("market_price_of_risk", self.market_price_of_risk,
        Spec{.help = "drift of the Brownian motion over the square root of short rate plus shift, under the real-world "
                     "measure; auto: estimated",
             .min = -100,
             .max = 100,
             .empty = "auto"});
    key("shift", self.shift,
        Spec{
            .help = "short rate plus shift is the square-root process: rates stay above -shift", .min = 0, .max = 0.5});
    key("short_rate", self.short_rate,
        Spec{.help = "short rate at the valuation date; auto: the one that fits today's curve best", .empty = "auto"});
    key("initial_curve", self.initial_curve, short_rate_keys::kInitialCurve);
    key("floor", self.floor, short_rate_keys::kFloor);
  }
};

/// Study section `scenarios.hull_white`.
struct HullWhiteParameters {
  std::optional<double> mean_reversion, volatility, real_world_mean_reversion, market_price_of_risk, level, floor;

  static void describe(auto& self, auto&& key) {
    key("mean_reversion", self.mean_reversion, short_rate_keys::kMeanReversion);
    key("volatility", self.volatility,
        Spec{.help = "absolute volatility of the short rate; auto: estimated",
             .unit = "per year^0.5",
             .min = 0,
             .max = 1,
             .exclusive_min = true,
             .empty = "auto"});
    key("real_world_mean_reversion", self.real_world_mean_reversion, short_rate_keys::kRealWorldMeanReversion);
    key("market_price_of_risk", self.market_price_of_risk, short_rate_keys::kMarketPriceOfRisk);
    key("level", self.level, short_rate_keys::kLevel);
    key("floor", self.floor, short_rate_keys::kFloor);
  }
};

/// Study section `scenarios.g2pp`.
struct G2ppParameters {
  std::optional<double> mean_reversion_x, volatility_x, mean_reversion_y, volatility_y, correlation;
  std::optional<double> real_world_mean_reversion_x, real_world_mean_reversion_y;
  std::optional<double> market_price_of_risk_x, market_price_of_risk_y, level, floor;

  static void describe(auto& self, auto&& key) {
    Spec volatility{.help = "absolute volatility of the factor; auto: estimated",
                    .unit = "per year^0.5",
                    .min = 0,
                    .max = 1,
                    .exclusive_min = true,
                    .empty = "auto"};
    key("mean_reversion_x", self.mean_reversion_x, short_rate_keys::kMeanReversion);
    key("volatility_x", self.volatility_x, volatility);
    key("mean_reversion_y", self.mean_reversion_y, short_rate_keys::kMeanReversion);
    key("volatility_y", self.volatility_y, volatility);
    key("correlation", self.correlation,
        Spec{.help = "of the two factors; auto: estimated", .min = -1, .max = 1, .empty = "auto"});
    key("real_world_mean_reversion_x", self.real_world_mean_reversion_x, short_rate_keys::kRealWorldMeanReversion);
    key("real_world_mean_reversion_y", self.real_world_mean_reversion_y, short_rate_keys::kRealWorldMeanReversion);
    key("market_price_of_risk_x", self.market_price_of_risk_x, short_rate_keys::kMarketPriceOfRisk);
    key("market_price_of_risk_y", self.market_price_of_risk_y, short_rate_keys::kMarketPriceOfRisk);
    key("level", self.level, short_rate_keys::kLevel);
    key("floor", self.floor, short_rate_keys::kFloor);
  }
};

}  // namespace ballast
