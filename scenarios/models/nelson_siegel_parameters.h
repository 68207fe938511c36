#pragma once

#include <optional>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/models/curve_change_parameters.h"

namespace ballast {

/// The autoregression of the factors.
enum class FactorDynamics { full, diagonal };
template <>
struct EnumNames<FactorDynamics> {
  static constexpr const char* value[] = {"full", "diagonal"};
};

/// Study section `scenarios.nelson_siegel`.
struct NelsonSiegelParameters {
  std::optional<double> decay;
  FactorDynamics autoregression = FactorDynamics::full;
  std::vector<double> mean, phi, standard_deviation;
  RevertTo revert_to = RevertTo::history;
  std::optional<double> floor;

  static void describe(auto& self, auto&& key) {
    key("decay", self.decay,
        Spec{.help = "lambda of the loadings; auto: fits the history's curves best; Diebold & Li (2006) take 0.7308",
             .unit = "1/years",
             .min = 0.01,
             .max = 20,
             .empty = "auto"});
    key("autoregression", self.autoregression,
        Spec{.help = "of level, slope and curvature: full, a vector autoregression; diagonal, each by itself"});
    key("mean", self.mean,
        Spec{.help = "of level, slope and curvature in the long run, as continuous zero rates; default: estimated"});
    key("phi", self.phi,
        Spec{.help = "coefficients of the autoregression per step: three, each factor's on itself (diagonal), or nine, "
                     "those of level's equation on level, slope and curvature first; default: estimated"});
    key("standard_deviation", self.standard_deviation,
        Spec{.help = "of the innovations of level, slope and curvature per step; default: the history's",
             .min = 0,
             .exclusive_min = true});
    key("revert_to", self.revert_to, Spec{.help = "the level they revert to: the history's mean, or today's curve"});
    key("floor", self.floor, Spec{.help = "lowest continuous zero rate, cut after the model", .empty = "none"});
  }
  void check(auto&& problem) const {
    if (!mean.empty() && mean.size() != 3) problem("mean", "must have three numbers: level, slope, curvature");
    if (!standard_deviation.empty() && standard_deviation.size() != 3) {
      problem("standard_deviation", "must have three numbers: level, slope, curvature");
    }
    const std::size_t coefficients = autoregression == FactorDynamics::full ? 9 : 3;
    if (!phi.empty() && phi.size() != coefficients) {
      problem("phi", coefficients == 9 ? "must have nine numbers (three with autoregression: diagonal)"
                                       : "must have three numbers (nine with autoregression: full)");
    }
  }
};

}  // namespace ballast
