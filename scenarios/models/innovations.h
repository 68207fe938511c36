#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/date.h"
#include "scenarios/base/lanes.h"
#include "scenarios/models/fit_table.h"
#include "scenarios/models/model_parameters.h"
#include "scenarios/random/draws.h"

namespace ballast {

/// What happened in each period of the history, on the scale on which it is simulated: the first `series` columns are
/// log returns (in excess of the short rate, or total), then come the innovations of the curve (curve_model.h), those
/// of credit spreads (spread_model.h), and last those of inflation (inflation_model.h).
struct InnovationHistory {
  Eigen::MatrixXd rows;  ///< T x C
  int series = 0;
  std::vector<std::string> columns;  ///< C names
  std::vector<Date> dates;           ///< T period ends
  double step_years = 1.0 / 12;      ///< length of a period
  std::vector<bool> excess;          ///< by series: its log returns are over the short rate; empty: none is
  std::vector<bool> constant;        ///< by series: its return is the same in every period; empty: none is
  std::vector<double> shift;         ///< by series: what its log returns hold of an expected return; empty: nothing

  /// The history as it happened, without that shift: what is fitted to it, or given for it, stays as it is when an
  /// expected return is changed.
  InnovationHistory unshifted() const {
    InnovationHistory own = *this;
    for (std::size_t c = 0; c < shift.size(); ++c) own.rows.col(Eigen::Index(c)).array() -= shift[c];
    own.shift.clear();
    return own;
  }
};

/// The state of one block of scenarios under a model.
class InnovationPath {
 public:
  virtual ~InnovationPath() = default;
  /// Draws the innovations of the next step: out[column][lane].
  virtual void step(BlockDraws& draws, LaneArray& out) = 0;
};

/// How probable one regime was in one period of the history.
struct RegimeProbability {
  Date date;              ///< the period's end
  int regime = 0;         ///< from 1, the calmest
  double filtered = 0.0;  ///< given the periods up to this one
  double smoothed = 0.0;  ///< given all periods
};

/// A model of joint innovations: fitted to a history once, then simulated block by block. A scenario uses the same
/// draws whatever block it is in.
class InnovationModel {
 public:
  virtual ~InnovationModel() = default;
  /// D of the random-number rule: the draws one scenario of this many steps owns.
  virtual std::uint64_t draws_per_scenario(int steps) const = 0;
  /// How many draws at the beginning of each step are taken as normals, by BlockDraws::normals(), and as nothing else:
  /// Sobol points then come by Brownian bridge (scenarios/random/sobol_draws.cpp). Draws that belong to no step come
  /// before the first.
  virtual std::uint64_t normal_draws_per_step() const { return 0; }
  virtual std::unique_ptr<InnovationPath> start(std::size_t lanes) const = 0;
  /// The same, but step() gives the series' growth factors exp(x) in the place of their log returns x: for a model that
  /// draws them from a table, where each need not be taken again. Null: it has no such table.
  virtual std::unique_ptr<InnovationPath> start_growth(std::size_t) const { return nullptr; }
  /// Writes what was estimated into the parameters, so that the resolved study states it.
  virtual void resolve(ScenarioParameters& parameters) const = 0;
  virtual std::vector<FitTable> fit_tables() const = 0;
  /// Of a model with regimes: period by period, regime by regime.
  virtual std::vector<RegimeProbability> regime_probabilities() const { return {}; }
  /// The long-run arithmetic mean of exp(x) a step that the model promises of a series; none: the history's.
  virtual std::optional<double> mean_growth(int) const { return {}; }
  /// Whether every column is normal with the history's variance: what risk-neutral scenarios need.
  virtual bool normal() const { return false; }
};

/// Makes the model that `parameters.model` names (registry.def).
std::unique_ptr<InnovationModel> make_model(const ScenarioParameters& parameters, const InnovationHistory& history);

#define BALLAST_MODEL(name, Parameters, help) \
  std::unique_ptr<InnovationModel> make_##name(const Parameters& parameters, const InnovationHistory& history);
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL

}  // namespace ballast
