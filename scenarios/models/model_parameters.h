#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/models/block_bootstrap_parameters.h"
#include "scenarios/models/copula_parameters.h"
#include "scenarios/models/correlation_parameters.h"
#include "scenarios/models/curve_change_parameters.h"
#include "scenarios/models/filtered_historical_parameters.h"
#include "scenarios/models/inflation_parameters.h"
#include "scenarios/models/nelson_siegel_parameters.h"
#include "scenarios/models/normal_parameters.h"
#include "scenarios/models/regime_switching_parameters.h"
#include "scenarios/models/short_rate_parameters.h"
#include "scenarios/models/spread_parameters.h"
#include "scenarios/models/stochastic_log_volatility_parameters.h"
#include "scenarios/models/student_t_parameters.h"
#include "scenarios/random/sampling.h"

namespace ballast {

/// The models of registry.def.
enum class ModelKind {
#define BALLAST_MODEL(name, Parameters, help) name,
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
  file
};
template <>
struct EnumNames<ModelKind> {
  static constexpr const char* value[] = {
#define BALLAST_MODEL(name, Parameters, help) #name,
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
      "file"};
};

/// The models of curve_registry.def.
enum class CurveModelKind {
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) name,
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
};
template <>
struct EnumNames<CurveModelKind> {
  static constexpr const char* value[] = {
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) #name,
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  };
};

/// Study section `scenarios`.
struct ScenarioParameters {
  int count = 10000;
  std::optional<int> optimise_count;
  double horizon_years = 1.0;
  int steps_per_year = 12;
  ModelKind model = ModelKind::block_bootstrap;
#define BALLAST_MODEL(name, Parameters, help) Parameters name;
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
  CorrelationParameters correlation;
  Measure measure = Measure::real_world;
  CurveModelKind curve_model = CurveModelKind::principal_components;
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) Parameters key;
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  InflationParameters inflation;
  SpreadParameters spreads;
  SamplingParameters sampling;
  std::optional<InputPath> path;

  /// Whether rates move at all, given a history of curves.
  bool curve_moves() const {
    return curve_model != CurveModelKind::principal_components || curve_changes.kind != CurveChangeKind::none;
  }

  static void describe(auto& self, auto&& key) {
    key("count", self.count, Spec{.help = "scenarios to project and to measure on", .min = 1, .max = 1e9});
    key("optimise_count", self.optimise_count,
        Spec{.help = "scenarios the weights are fitted to; default: count", .min = 1, .max = 1e9, .empty = "count"});
    key("horizon_years", self.horizon_years,
        Spec{.help = "length of the projection, a whole number of steps",
             .unit = "years",
             .min = 0,
             .max = 200,
             .exclusive_min = true});
    key("steps_per_year", self.steps_per_year, Spec{.help = "1, 2, 4, 12, 52 or 252; no finer than the history"});
    key("model", self.model, Spec{.help = "how scenarios are made; see scenarios/models/MODELS.md"});
#define BALLAST_MODEL(name, Parameters, help_text) key(#name, self.name, Spec{.help = help_text});
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
    key("correlation", self.correlation, Spec{.help = "correlations given instead of the history's, for any model"});
    key("measure", self.measure,
        Spec{.help = "real_world; or risk_neutral, where the curve model has one: all assets earn the short rate in "
                     "expectation, so that what is discounted at cash is a martingale"});
    key("curve_model", self.curve_model, Spec{.help = "how the yield curve moves; see scenarios/models/MODELS.md"});
#define BALLAST_CURVE_MODEL(name, section, Parameters, help_text) key(#section, self.section, Spec{.help = help_text});
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
    key("inflation", self.inflation, Spec{.help = "how inflation moves, with market.inflation"});
    key("spreads", self.spreads, Spec{.help = "how credit spreads move, with market.spreads"});
    key("sampling", self.sampling, Spec{.help = "variance reduction; see scenarios/models/MODELS.md"});
    key("path", self.path,
        Spec{.help =
                 "model: file: CSV (one row a scenario, one column an asset, simple returns over the horizon; optional "
                 "columns probability and liability) or HDF5 (dataset asset_return)"});
  }
  void check(auto&& problem) const {
    bool known = false;
    for (int n : {1, 2, 4, 12, 52, 252}) known = known || n == steps_per_year;
    if (!known) problem("steps_per_year", "must be 1, 2, 4, 12, 52 or 252");
    double steps = horizon_years * steps_per_year;
    if (known && model != ModelKind::file && (steps < 0.5 || std::abs(steps - double(long(steps + 0.5))) > 1e-6)) {
      problem("horizon_years", "is not a whole number of steps");
    }
    int fewest = sampling.kind == SamplingKind::pseudo || sampling.kind == SamplingKind::antithetic ? 1
                 : sampling.kind == SamplingKind::sobol ? 2 * sampling.replications
                                                        : 2 * int(kSamplingBatch);
    for (auto [name, scenarios] :
         {std::pair{"count", count}, std::pair{"optimise_count", optimise_count.value_or(count)}}) {
      if (scenarios >= fewest) continue;
      problem(name, "is below " + std::to_string(fewest) +
                        ", the fewest that this kind of sampling needs for a standard error");
    }
    if (model == ModelKind::file && sampling.kind != SamplingKind::pseudo) {
      problem("sampling", "has nothing to sample (model: file brings its own scenarios)");
    }
    if (model == ModelKind::file && !path) problem("path", "is missing (model: file needs the file's path)");
    if (model != ModelKind::file && path) problem("path", "is only for model: file");
  }
};

}  // namespace ballast
