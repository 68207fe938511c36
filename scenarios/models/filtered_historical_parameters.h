#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "scenarios/base/describe.h"

namespace ballast {

enum class VarianceModel { garch, gjr };
template <>
struct EnumNames<VarianceModel> {
  static constexpr const char* value[] = {"garch", "gjr"};
};

enum class GarchLikelihood { normal, t };
template <>
struct EnumNames<GarchLikelihood> {
  static constexpr const char* value[] = {"normal", "t"};
};

enum class VarianceStart { last, long_run };
template <>
struct EnumNames<VarianceStart> {
  static constexpr const char* value[] = {"last", "long_run"};
};

/// x[t] = mean + e[t], e = sqrt(h) z, h[t+1] = omega + (alpha + gamma 1{e[t] < 0}) e[t]^2 + beta h[t], per step.
struct GarchCoefficients {
  double mean = 0.0, omega = 0.0, alpha = 0.0, gamma = 0.0, beta = 0.0;

  static void describe(auto& self, auto&& key) {
    key("mean", self.mean,
        Spec{.help = "mean of the column per step, before expected_return moves it", .required = true});
    key("omega", self.omega,
        Spec{.help = "constant of the variance", .min = 0, .exclusive_min = true, .required = true});
    key("alpha", self.alpha, Spec{.help = "weight of the last squared shock", .min = 0, .max = 1, .required = true});
    key("gamma", self.gamma, Spec{.help = "further weight of a negative shock's square", .min = -1, .max = 2});
    key("beta", self.beta, Spec{.help = "weight of the last variance", .min = 0, .max = 1, .required = true});
  }
  void check(auto&& problem) const {
    if (alpha + gamma < 0) problem("gamma", "must not make alpha + gamma negative (the variance could be, too)");
    // How much of gamma counts depends on the residuals (Garch::persistence); that is looked at with the history.
    if (alpha + std::min(gamma, 0.0) + beta >= 1) {
      problem("beta", gamma < 0 ? "alpha + gamma + beta must be below 1 (the variance would have no long-run level)"
                                : "alpha + beta must be below 1 (the variance would have no long-run level)");
    }
  }
};

struct FilteredHistoricalParameters {
  VarianceModel variance = VarianceModel::gjr;
  GarchLikelihood likelihood = GarchLikelihood::normal;
  VarianceStart start = VarianceStart::last;
  std::map<std::string, GarchCoefficients> coefficients;

  static void describe(auto& self, auto&& key) {
    key("variance", self.variance,
        Spec{.help =
                 "conditional variance: GARCH(1,1) (Bollerslev 1986), or with a leverage term (Glosten, Jagannathan "
                 "& Runkle 1993)"});
    key("likelihood", self.likelihood,
        Spec{.help = "density it is fitted by: normal (quasi maximum likelihood) or standardised Student t"});
    key("start", self.start,
        Spec{.help = "variance of the first step: that which follows the history's last period, or the long-run one"});
    key("coefficients", self.coefficients,
        Spec{.help = "given instead of fitted, by column; `ballast calibrate` prints the fitted ones"});
  }
};

}  // namespace ballast
