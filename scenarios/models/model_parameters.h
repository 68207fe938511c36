#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/describe.h"

namespace ballast {

/// How blocks of history are drawn.
enum class BlockKind { iid, moving, circular, stationary };
template <>
struct EnumNames<BlockKind> {
  static constexpr const char* value[] = {"iid", "moving", "circular", "stationary"};
};

struct BlockBootstrapParameters {
  BlockKind kind = BlockKind::stationary;
  std::optional<double> mean_block;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help =
                 "how blocks of history are drawn: single rows, blocks of fixed length (moving: within the history; "
                 "circular: wrapping round its end), or blocks of geometric length (stationary, Politis & Romano "
                 "1994)"});
    key("mean_block", self.mean_block,
        Spec{.help =
                 "block length (stationary: its mean); auto: Patton, Politis & White (2009) on each series, pooled by "
                 "the rule in MODELS.md",
             .unit = "steps",
             .min = 1,
             .empty = "auto"});
  }
};

enum class CovarianceEstimate { ledoit_wolf, sample };
template <>
struct EnumNames<CovarianceEstimate> {
  static constexpr const char* value[] = {"ledoit_wolf", "sample"};
};

struct NormalParameters {
  CovarianceEstimate covariance = CovarianceEstimate::ledoit_wolf;

  static void describe(auto& self, auto&& key) {
    key("covariance", self.covariance,
        Spec{.help = "estimate of the covariance of log returns and curve changes: shrunk (Ledoit & Wolf 2004) or the "
                     "sample's own"});
  }
};

/// The scale on which curve changes are added to continuous zero rates.
enum class CurveChangeKind { absolute, relative, shifted_log, none };
template <>
struct EnumNames<CurveChangeKind> {
  static constexpr const char* value[] = {"absolute", "relative", "shifted_log", "none"};
};

enum class RevertTo { history, initial };
template <>
struct EnumNames<RevertTo> {
  static constexpr const char* value[] = {"history", "initial"};
};

struct CurveChangeParameters {
  CurveChangeKind kind = CurveChangeKind::absolute;
  double shift = 0.02;
  bool demean = true;
  std::optional<int> components;
  std::optional<double> mean_reversion;
  RevertTo revert_to = RevertTo::history;
  std::optional<double> floor;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help =
                 "scale on which changes are added to continuous zero rates z: z itself, log z (needs positive rates), "
                 "log(z + shift), or none: the curve keeps its shape and level"});
    key("shift", self.shift, Spec{.help = "the shift of shifted_log", .min = 0, .exclusive_min = true});
    key("demean", self.demean,
        Spec{.help = "take the history's mean change out: the history's fall in rates is no forecast"});
    key("components", self.components,
        Spec{.help =
                 "principal components of the changes that move the curve; all: full-curve changes, as they happened",
             .min = 1,
             .empty = "all"});
    key("mean_reversion", self.mean_reversion,
        Spec{.help =
                 "speed at which each principal component of the curve reverts; auto: fitted to the history; 0: none",
             .unit = "1/years",
             .min = 0,
             .max = 10,
             .empty = "auto"});
    key("revert_to", self.revert_to,
        Spec{.help = "the level it reverts to: the history's mean curve, or today's curve"});
    key("floor", self.floor, Spec{.help = "lowest continuous zero rate", .empty = "none"});
  }
};

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
  CurveChangeParameters curve_changes;
  std::optional<InputPath> path;

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
    key("curve_changes", self.curve_changes, Spec{.help = "how the yield curve moves"});
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
    if (model == ModelKind::file && !path) problem("path", "is missing (model: file needs the file's path)");
    if (model != ModelKind::file && path) problem("path", "is only for model: file");
  }
};

}  // namespace ballast
