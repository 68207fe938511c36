#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/base/lanes.h"
#include "scenarios/market/curve_map.h"
#include "scenarios/market/history.h"
#include "scenarios/market/history_rates.h"
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
/// which is also what cash earns. Where no simulated tenor has that length the curve is made there as the initial one,
/// and so is the history's, whose short rate is taken off its returns.
class World {
 public:
  /// initial: the curve at the valuation date, empty without one. Where a curve model moves it without a history of
  /// curves, its shocks are those of assumed_shocks.h; without any history at all only normal ones can be drawn.
  World(const ScenarioParameters& parameters, const MarketHistory& history, const YieldCurve& initial,
        const std::vector<SeriesRule>& series);

  std::size_t series() const { return rules_.size(); }
  bool has_curve() const { return curve_ != nullptr; }
  bool has_inflation() const { return inflation_ != nullptr; }
  std::size_t spreads() const { return spreads_ ? spreads_->size() : 0; }  ///< in the history's order
  std::vector<std::string> spread_names() const { return spreads_ ? spreads_->names() : std::vector<std::string>{}; }
  double spread_now(std::size_t k) const { return spreads_->now(k); }  ///< at the valuation date
  const std::vector<double>& tenors() const;  ///< of the simulated curve, in years; empty without one
  /// Where simulated curves start: the curve at the valuation date, or the model's own (`initial_curve: model`), made
  /// by the method of the former.
  YieldCurve initial_curve() const;
  /// Zero rates at `years` of simulated curves (WorldPath::curve()), each made by that method, too.
  CurveMap rates_at(std::vector<double> years) const { return {tenors(), market_curve_, std::move(years)}; }
  /// Of a history's curves, by the same method: one row a date, one column of `years` (history_rates.h).
  Eigen::MatrixXd history_rates_at(const MarketHistory& history, const std::vector<double>& years) const {
    return history_rates(history, market_curve_, years);
  }
  /// The price now of 1 in `years` on that curve, exact between tenors where the curve model can tell.
  double initial_discount(double years) const;
  Measure measure() const { return measure_; }
  double step_years() const { return step_years_; }
  std::uint64_t draws_per_scenario(int steps) const { return model_ ? model_->draws_per_scenario(steps) : 0; }

  DrawLayout draw_layout(int steps) const;

  /// The same short-rate model alone, risk-neutral, with normal shocks, and where it has a curve of its own starting
  /// from that: what its closed-form bond prices are about. Null for other curve models, and where nothing moves.
  std::unique_ptr<World> risk_neutral_twin(const MarketHistory& history) const;

  /// Writes what was estimated into the parameters, for the resolved study.
  void resolve(ScenarioParameters& parameters) const;
  std::vector<FitTable> fit_tables() const;
  /// InnovationModel::regime_probabilities.
  std::vector<RegimeProbability> regime_probabilities() const {
    return model_ ? model_->regime_probabilities() : std::vector<RegimeProbability>{};
  }

  /// What the model was fitted to: the series' log returns first, recentred where an expected return is given.
  const InnovationHistory& innovation_history() const { return innovations_; }
  bool curve_moves() const { return curve_ && curve_->moves(); }
  /// InnovationModel::mean_growth.
  std::optional<double> mean_growth(std::size_t series) const {
    return model_ ? model_->mean_growth(int(series)) : std::nullopt;
  }

 private:
  friend class WorldPath;
  void assume_curve_shocks(const MarketHistory& history);

  ScenarioParameters parameters_;
  std::vector<SeriesRule> rules_;
  double step_years_;
  Measure measure_;
  YieldCurve market_curve_;                    ///< at the valuation date
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

  /// [series][lane], over the last step; rows beyond the series are not for use.
  const LaneArray& series_gross() const { return moves_; }
  /// x[lane], of the last step: the log return of a series, over the short rate where the study says `return: excess`.
  void log_return(std::size_t series, double* x) const;
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
  bool growth_drawn_ = false;  ///< path_ gives growth factors
  std::unique_ptr<CurvePath> curve_path_;
  std::unique_ptr<SpreadPath> spreads_;
  std::unique_ptr<InflationPath> inflation_;
  /// The last step's innovations, those of series as growth factors: one array, written and read once a step, since two
  /// of 50 series would not fit the second cache beside what reads them.
  LaneArray moves_;
  LaneArray before_, now_, cash_gross_, bank_account_, short_rate_growth_;
};

}  // namespace ballast
