#pragma once

#include <optional>
#include <string>

#include "scenarios/base/describe.h"

namespace ballast {

enum class DriftSource { published, history };
template <>
struct EnumNames<DriftSource> {
  static constexpr const char* value[] = {"published", "history"};
};

/// The Academy's symbols and published values for US diversified equity; volatilities are annual.
struct StochasticLogVolatilityParameters {
  std::optional<std::string> series;
  DriftSource drift = DriftSource::published;
  double tau = 0.12515, phi = 0.35229, sigma_v = 0.32645, rho = -0.2488;
  double a = 0.055, b = 0.56, c = -0.9;
  double sigma_0 = 0.1476, sigma_min = 0.0305, sigma_plus = 0.3, sigma_max = 0.7988;

  static void describe(auto& self, auto&& key) {
    key("series", self.series,
        Spec{.help = "the asset series that has stochastic log-volatility; the others are normal, correlated with it. "
                     "Default: the first"});
    key("drift", self.drift,
        Spec{.help =
                 "published: a + b sigma + c sigma^2 of total returns (say return: total of the asset); history: the "
                 "same, moved so that the long-run arithmetic mean is the history's"});
    key("tau", self.tau, Spec{.help = "volatility that log-volatility reverts to", .min = 0, .exclusive_min = true});
    key("phi", self.phi, Spec{.help = "share of the distance to ln tau closed in a month", .min = 0, .max = 1});
    key("sigma_v", self.sigma_v, Spec{.help = "monthly standard deviation of log-volatility's shocks", .min = 0});
    key("rho", self.rho,
        Spec{.help = "correlation of shocks to log-volatility and to the return", .min = -1, .max = 1});
    key("a", self.a, Spec{.help = "annual log drift at no volatility"});
    key("b", self.b, Spec{.help = "annual log drift per unit of volatility"});
    key("c", self.c, Spec{.help = "annual log drift per unit of squared volatility"});
    key("sigma_0", self.sigma_0, Spec{.help = "volatility at the start", .min = 0, .exclusive_min = true});
    key("sigma_min", self.sigma_min, Spec{.help = "lowest volatility", .min = 0, .exclusive_min = true});
    key("sigma_plus", self.sigma_plus,
        Spec{.help = "highest volatility before the month's shock", .min = 0, .exclusive_min = true});
    key("sigma_max", self.sigma_max,
        Spec{.help = "highest volatility after the month's shock", .min = 0, .max = 5, .exclusive_min = true});
  }
  void check(auto&& problem) const {
    if (sigma_min > sigma_max) problem("sigma_min", "must not exceed sigma_max");
    if (sigma_plus > sigma_max) problem("sigma_plus", "must not exceed sigma_max");
  }
};

}  // namespace ballast
