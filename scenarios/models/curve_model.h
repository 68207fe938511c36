#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve.h"
#include "scenarios/market/history.h"
#include "scenarios/models/fit_table.h"
#include "scenarios/models/model_parameters.h"

namespace ballast {

/// What a curve model is fitted to and simulated in. Without a history of curves (history.tenors empty) a model whose
/// parameters are all given is simulated all the same; its innovations are then those of assumed_shocks.h.
struct CurveSetting {
  const MarketHistory& history;
  const YieldCurve& initial;  ///< at the valuation date, not empty
  double step_years;          ///< dt
  Measure measure = Measure::real_world;

  bool has_history() const { return !history.tenors.empty(); }
};

/// The yield curves of one block of scenarios, moved step by step.
class CurvePath {
 public:
  virtual ~CurvePath() = default;
  /// One step. innovations: [column][lane], the curve's own from row `first` on; zero_rates: [tenor][lane], continuous,
  /// at the step's end.
  virtual void step(const LaneArray& innovations, std::size_t first, LaneArray& zero_rates) = 0;
};

/// How the yield curve moves: a state driven by *innovations*, which an InnovationModel draws jointly with the returns
/// of assets (innovations.h). A curve model takes its innovations out of the history, so that any model of innovations
/// serves any model of the curve. What they are is the curve model's own affair: residuals of a regression in rates, or
/// standard normal shocks.
class CurveModel {
 public:
  /// A curve that keeps its level and shape. It lies at its own tenors.
  explicit CurveModel(const YieldCurve& initial) : CurveModel(initial, initial.tenors()) {}
  virtual ~CurveModel() = default;

  bool moves() const { return innovations_.cols() > 0; }
  const std::vector<double>& tenors() const { return tenors_; }        ///< of the simulated curve, in years, ascending
  const Eigen::MatrixXd& innovations() const { return innovations_; }  ///< T x K: the history's own; without one 0 x K
  /// K standard deviations of innovations that no history shows; empty: 1 each.
  virtual Eigen::VectorXd assumed_deviations() const { return {}; }
  const std::vector<std::string>& columns() const { return columns_; }  ///< K names
  LaneArray start_curve(std::size_t lanes) const;  ///< [tenor][lane], continuous zero rates at the valuation date

  /// The price now of 1 in `years`, on the curve that simulation starts from: of models that state it at every
  /// maturity, not only at tenors().
  virtual std::optional<double> closed_form_discount(double /*years*/) const { return {}; }

  /// Must outlive the path. A curve that does not move has none.
  virtual std::unique_ptr<CurvePath> start(std::size_t /*lanes*/) const { return nullptr; }
  /// Writes what was estimated into the parameters, so that the resolved study states it.
  virtual void resolve(ScenarioParameters& /*parameters*/) const {}
  virtual std::vector<FitTable> fit_tables() const { return {}; }

 protected:
  CurveModel(const YieldCurve& initial, std::vector<double> tenors);

  std::vector<double> initial_zero_rates_;  ///< at tenors()
  Eigen::MatrixXd innovations_;
  std::vector<std::string> columns_;

 private:
  std::vector<double> tenors_;
};

/// Both, ascending, each once.
std::vector<double> merged_tenors(std::vector<double> a, const std::vector<double>& b);

/// Where a model of up to three factors looks at curves: the history's tenors; without one those of the initial curve,
/// or where these are fewer than three, 1 to 30 years.
std::vector<double> observed_tenors(const CurveSetting& setting);

/// The zero rates of the initial curve at observed_tenors(): 1 x M.
Eigen::MatrixXd initial_observed(const CurveSetting& setting);

/// Throws key_error when there is a history that has fewer tenors than wanted, or rates that do not move.
void check_history(const CurveSetting& setting, std::size_t tenors);

/// Throws key_error on scenarios.measure under the risk-neutral one: for models that have none.
void check_no_measure(const CurveSetting& setting, const char* model);

/// Makes the model that `parameters.curve_model` names (curve_registry.def), fitted to the history where parameters are
/// not given; under principal_components the curve keeps its level and shape without a curve history or with
/// `curve_changes.kind: none`.
std::unique_ptr<CurveModel> make_curve_model(const ScenarioParameters& parameters, const CurveSetting& setting);

#define BALLAST_CURVE_MODEL(name, key, Parameters, help) \
  std::unique_ptr<CurveModel> make_##name##_curve(const Parameters& parameters, const CurveSetting& setting);
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL

}  // namespace ballast
