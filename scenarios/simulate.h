#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve_map.h"
#include "scenarios/market/history.h"
#include "scenarios/models/curve_model.h"
#include "scenarios/models/inflation_model.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/spread_model.h"
#include "scenarios/random/draws.h"

namespace ballast {

/// How one series of the history becomes a simulated return.
struct SeriesRule {
  std::string name;
  bool excess = false;                    ///< over the short rate: the history's, then the simulated
  std::optional<double> expected_return;  ///< annual arithmetic
  std::string key_path;                   ///< for messages
};

/// The fitted world: series returns, yield curves, credit spreads and inflation, jointly. Series i is column i of the
/// history's returns. A gross return over a step is exp(x + r dt) for an excess series and exp(x) for a total one, x
/// the simulated log return and r the simulated short rate: the continuous zero rate of the step's length at its start,
/// which is also what cash earns. Where no simulated tenor has that length the curve is made there as the initial one.
class World {
 public:
  /// initial: the curve at the valuation date, empty without one.
  World(const ScenarioParameters& parameters, const MarketHistory& history, const YieldCurve& initial,
        const std::vector<SeriesRule>& series);

  std::size_t series() const { return rules_.size(); }
  bool has_curve() const { return curve_ != nullptr; }
  bool has_inflation() const { return inflation_ != nullptr; }
  std::size_t spreads() const { return spreads_ ? spreads_->size() : 0; }  ///< in the history's order
  double spread_now(std::size_t k) const { return spreads_->now(k); }      ///< at the valuation date
  const std::vector<double>& tenors() const;  ///< of the simulated curve, in years; empty without one
  /// Where simulated curves start: the curve at the valuation date, or the model's own (`initial_curve: model`).
  YieldCurve initial_curve() const;
  Measure measure() const { return measure_; }
  double step_years() const { return step_years_; }
  std::uint64_t draws_per_scenario(int steps) const { return model_ ? model_->draws_per_scenario(steps) : 0; }

  DrawLayout draw_layout(int steps) const;

  /// Writes what was estimated into the parameters, for the resolved study.
  void resolve(ScenarioParameters& parameters) const;
  std::vector<FitTable> fit_tables() const;

  /// What the model was fitted to: the series' log returns first, recentred where an expected return is given.
  const InnovationHistory& innovation_history() const { return innovations_; }
  bool curve_moves() const { return curve_ && curve_->moves(); }

 private:
  friend class WorldPath;
  std::vector<SeriesRule> rules_;
  double step_years_;
  Measure measure_;
  std::unique_ptr<CurveModel> curve_;          ///< none without a curve
  LinearWeights short_tenor_;                  ///< of the step's length among the simulated tenors
  std::optional<CurveMap> short_rate_;         ///< instead of it, where curves are not linear there
  std::unique_ptr<SpreadModel> spreads_;       ///< none without spreads in the history
  std::size_t first_spread_ = 0;               ///< column of innovations
  std::unique_ptr<InflationModel> inflation_;  ///< none without market.inflation
  InnovationHistory innovations_;
  std::unique_ptr<InnovationModel> model_;  ///< none when nothing is random
  FitTable means_;
};

/// One block of scenarios, moved step by step. A scenario's numbers do not depend on the block it is in.
class WorldPath {
 public:
  WorldPath(const World& world, const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes, int steps);

  void step();

  /// [column][lane], of the last step; columns as in World::innovation_history().
  const LaneArray& innovations() const { return innovations_; }
  const LaneArray& series_gross() const { return series_gross_; }  ///< [series][lane], over the last step
  const double* cash_gross() const { return cash_gross_.row(0); }  ///< [lane], over the last step
  /// [lane], now: what 1 in cash at the valuation date has grown to. Under the risk-neutral measure everything traded
  /// is a martingale over it, exactly: E[P(t, T) / bank_account(t)] = P(0, T).
  const double* bank_account() const { return bank_account_.row(0); }
  const LaneArray& curve_before() const { return before_; }  ///< [tenor][lane], at the last step's start
  const LaneArray& curve() const { return now_; }            ///< [tenor][lane], now

  // Only with World::spreads() above 0; [spread][lane]:
  const LaneArray& spreads_before() const { return spreads_->before(); }  ///< at the last step's start
  const LaneArray& spreads() const { return spreads_->now(); }            ///< now

  // Only with World::has_inflation():
  const double* price_index() const { return inflation_->price_index(); }  ///< [lane], now; 1 at the valuation date
  /// [world tenor][lane], now: expected inflation over that term, continuous, a year (inflation_model.h). A real zero
  /// rate is the nominal one less this.
  const LaneArray& breakeven() const { return inflation_->breakeven(); }

 private:
  void set_short_rate_growth();

  const World& world_;
  BlockDraws draws_;
  std::unique_ptr<InnovationPath> path_;
  std::unique_ptr<CurvePath> curve_path_;
  std::unique_ptr<SpreadPath> spreads_;
  std::unique_ptr<InflationPath> inflation_;
  LaneArray innovations_, before_, now_, series_gross_, cash_gross_, bank_account_, short_rate_growth_;
};

}  // namespace ballast
