#pragma once

#include <optional>
#include <string>

#include "scenarios/base/describe.h"

namespace ballast {

/// What a view is about.
enum class ViewKind { mean, volatility, quantile, probability, correlation };
template <>
struct EnumNames<ViewKind> {
  static constexpr const char* value[] = {"mean", "volatility", "quantile", "probability", "correlation"};
};

/// One entry of the study section `views`: of an asset's simple return over the risk horizon, or of a zero rate at the
/// risk horizon.
struct ViewParameters {
  ViewKind kind = ViewKind::mean;
  std::optional<std::string> asset, with;
  std::optional<double> zero_rate, level, below, equals, at_least, at_most;
  double confidence = 1.0;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help = "what the view is on: the mean, the volatility (the mean stays), a quantile, the probability of "
                     "falling to or below a value, or a correlation (means and volatilities stay)",
             .required = true});
    key("asset", self.asset, Spec{.help = "of the simple return of this asset over the risk horizon"});
    key("zero_rate", self.zero_rate,
        Spec{.help = "of the continuous zero rate of this tenor at the risk horizon, instead of an asset",
             .unit = "years",
             .min = 0,
             .exclusive_min = true});
    key("with", self.with, Spec{.help = "correlation: with the return of this asset"});
    key("level", self.level,
        Spec{.help = "quantile: its probability, e.g. 0.05", .min = 0, .max = 1, .exclusive_min = true});
    key("below", self.below, Spec{.help = "probability: of values at or below this"});
    key("equals", self.equals, Spec{.help = "the view's value"});
    key("at_least", self.at_least, Spec{.help = "or a lower limit"});
    key("at_most", self.at_most, Spec{.help = "or an upper limit"});
    key("confidence", self.confidence,
        Spec{.help = "weight of the view against the model (Meucci 2008): 1 holds it fully",
             .min = 0,
             .max = 1,
             .exclusive_min = true});
  }
  void check(auto&& problem) const {
    if (asset.has_value() == zero_rate.has_value()) problem("", "needs exactly one of asset and zero_rate");
    if (int(equals.has_value()) + int(at_least.has_value()) + int(at_most.has_value()) != 1) {
      problem("", "needs exactly one of equals, at_least and at_most");
    }
    auto only_for = [&](const char* name, bool given, ViewKind needed) {
      if (given && kind != needed) problem(name, std::string("is only for kind: ") + name_of(needed));
      if (!given && kind == needed) problem(name, std::string("is missing (kind: ") + name_of(needed) + " needs it)");
    };
    only_for("with", with.has_value(), ViewKind::correlation);
    only_for("level", level.has_value(), ViewKind::quantile);
    only_for("below", below.has_value(), ViewKind::probability);
    double value = equals.value_or(at_least.value_or(at_most.value_or(0.0)));
    const char* given = equals ? "equals" : at_least ? "at_least" : "at_most";
    if (kind == ViewKind::probability && !(value > 0 && value < 1))
      problem(given, "a probability must be between 0 and 1");
    if (kind == ViewKind::volatility && !(value > 0)) problem(given, "a volatility must be positive");
    if (kind == ViewKind::correlation && !(value > -1 && value < 1))
      problem(given, "a correlation must be between -1 and 1");
    if (kind == ViewKind::correlation && zero_rate) problem("zero_rate", "correlation views are on two assets");
  }
};

}  // namespace ballast
