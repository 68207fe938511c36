#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/study_config.h"
#include "engine/liabilities/liability_book.h"
#include "engine/portfolio/assets.h"
#include "engine/portfolio/rate_sensitivity.h"
#include "engine/stress/stress_plan.h"
#include "scenarios/io/input_files.h"
#include "scenarios/market/history.h"
#include "scenarios/simulate.h"

namespace ballast {

/// A study whose files were read and whose model was fitted: all that can be wrong with the input has been found, and
/// nothing has been simulated.
struct PreparedStudy {
  StudyConfig config;  ///< resolved: dates, window, block length and weights as they are used
  MarketHistory history;
  YieldCurve curve;      ///< empty without one
  YieldCurve breakeven;  ///< expected inflation at the valuation date; empty without inflation
  std::vector<Asset> assets;
  LiabilityBook liabilities;
  BookMeasures liability_measures;                      ///< at the valuation date
  CurveQuotes quotes;                                   ///< the instruments of the curve
  std::vector<std::vector<double>> instrument_changes;  ///< instrument_sensitivities.h
  std::vector<RateExposure> exposures;                  ///< how each asset reacts to rates now
  std::unique_ptr<World> world;
  std::unique_ptr<StressPlan> stress;  ///< none when the study asks for no stress

  double initial_assets = 1.0;
  int steps = 0;                  ///< of the projection
  int risk_steps = 0;             ///< to the risk horizon
  int policy_steps = 0;           ///< to the policy's horizon; 0: no policy
  std::vector<int> report_steps;  ///< from 0 to steps
  std::vector<std::string> notes;

  double step_years() const { return 1.0 / config.scenarios.steps_per_year; }
  /// The market at the valuation date.
  MarketState market_now() const { return {curve, breakeven, 1.0, {}}; }
  double risk_horizon() const { return risk_steps * step_years(); }
  /// Over the risk horizon, by the curve; empty without one.
  std::optional<double> risk_free() const;
  /// The random numbers of a set of scenarios.
  DrawSource draws(Sequence set) const { return {config.study.seed, set, config.scenarios.sampling}; }
  bool has_liabilities() const { return !liabilities.empty(); }
  bool surplus_loss() const { return config.optimize && config.optimize->loss == LossKind::surplus; }
  std::vector<std::string> asset_names() const;
  /// balance.current in the order of the assets; empty when not given.
  std::vector<double> current_weights() const;
};

/// Reads the study's files and fits its model. start: a curve to start from instead of the market's, after a stress.
/// Errors: InputError, with key paths where no file is at fault.
PreparedStudy prepare_study(const StudyConfig& config, InputFiles& files, const YieldCurve* start = nullptr);

}  // namespace ballast
