#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/lanes.h"
#include "scenarios/stats/estimate.h"
#include "scenarios/validate/validation_row.h"

namespace ballast {

/// A liability's value and sensitivities at the valuation date.
struct LiabilityResult {
  std::string name;  ///< "total" for all together
  double pv = 0.0, macaulay_duration = 0.0, modified_duration = 0.0, convexity = 0.0;
  double effective_duration = 0.0, dv01 = 0.0, inflation_duration = 0.0;
  std::vector<double> key_rate_durations;  ///< at Results::key_rate_tenors
  std::vector<double> instrument_changes;  ///< in value, a basis point up in each of Results::instrument_tenors
  std::vector<double> flow_times, flow_amounts;
};

/// How one asset reacts to rates at the valuation date, compounded as Results::compounding.
struct AssetResult {
  std::string name;
  std::string duration_source;                         ///< curve, declared, regressed, undeclared or unknown
  std::optional<double> modified_duration, convexity;  ///< years, years^2; empty where unknown
  std::vector<double> key_rate_durations;              ///< at Results::key_rate_tenors; empty where unknown
  /// What one unit of money in it pays, as the curve values it today; empty for a series, whose history alone does not
  /// say.
  std::vector<double> flow_times, flow_amounts;
};

/// The balance sheet at the valuation date; durations of assets are those of the optimal (else current) weights.
struct BalanceResult {
  double assets = 0.0, liability_pv = 0.0, surplus = 0.0, funding_ratio = 0.0;
  std::optional<double> asset_duration, duration_gap, dv01_gap;
  std::vector<double> asset_key_rate_durations;  ///< of all assets, at Results::key_rate_tenors; empty where unknown
  std::vector<double> key_rate_dv01_gap;         ///< assets less liabilities, currency per basis point, likewise
};

/// One portfolio's return over the risk horizon, on fresh scenarios (or the user's own). VaR and CVaR are losses
/// (positive when bad).
struct PortfolioResult {
  std::string name;             ///< "optimal" or "current"
  std::vector<double> weights;  ///< in the order of Results::asset_names
  Estimate expected_return, volatility, sharpe, var, cvar;
};

/// One row of the risk table.
struct RiskRow {
  std::string of;         ///< "return" or "surplus"
  std::string portfolio;  ///< "optimal" or "current"
  double horizon_years = 0.0, confidence = 0.0;
  std::string unit;    ///< "fraction of initial assets"
  std::string sample;  ///< "evaluate" (fresh) or "optimise"
  Estimate var, cvar;
};

/// What a limit that binds costs: the optimum changes by `price` a unit of it.
struct PricedLimit {
  std::string constraint;
  double limit = 0.0, price = 0.0;
};

/// What each asset adds to a portfolio's CVaR; with `rest`, what the liabilities add, they sum to it.
struct ContributionRow {
  std::string portfolio;  ///< "optimal" or "current"
  std::string of;         ///< "return" or "surplus"
  std::string sample;     ///< "evaluate" (fresh) or "optimise"
  double confidence = 0.0;
  std::vector<Estimate> asset;  ///< in the order of Results::asset_names
  Estimate rest;
};

/// One scenario set of a worst case: how the optimal weights do on it.
struct WorstCaseSet {
  std::string name;  ///< "own": the study's own; else the file, model or stressed market, as the study names it
  std::uint64_t scenarios = 0;
  /// Of the optimised loss, costs of trading included. The largest one is the optimum's value, with min_cvar.
  Estimate cvar;
};

struct OptimizerResult {
  std::string objective, loss, status;
  double value = 0.0;
  std::optional<double> lower_bound, relative_gap;
  std::optional<double> residual;  ///< of shares of risk: largest difference from their budget
  std::vector<PricedLimit> shadow_prices;
  std::vector<double> reduced_costs;  ///< one an asset; empty: unknown
  int iterations = 0;
  double seconds = 0.0;
  std::uint64_t scenarios = 0;
  std::vector<WorstCaseSet> worst_case;  ///< the worst first; empty: none was asked for
  Estimate fresh;  ///< the objective's value on the evaluation scenarios (of a worst case: the study's own set)
  std::optional<double> optimism;  ///< fresh value less in-sample value; none of a worst case, which is over other sets
};

/// Distribution over scenarios at one time; quantiles at Results::quantile_levels.
struct Distribution {
  Estimate mean;
  std::vector<double> quantiles;
};

struct ProjectionRow {
  double time = 0.0;
  Distribution liability_pv, liability_duration, assets, surplus, funding_ratio;
  Estimate shortfall_probability;  ///< of assets < liabilities, beyond rounding
};

/// How simulated rates compare with the history's (report times only).
struct RateRow {
  double time = 0.0;
  Distribution short_rate, ten_year_rate, slope;  ///< continuous zero rates; slope: ten-year less short
  double negative_share = 0.0;                    ///< scenarios whose short rate is below zero
};

/// How one quantity is distributed at each report time: a measure of the liabilities, on request, or a level of the
/// market beside rates.
struct QuantityDistributions {
  std::string quantity;  ///< as its dataset in results.h5 is called
  std::string of;        ///< which: a credit spread, a key rate; empty where there is one
  std::string unit;
  std::vector<Distribution> at;  ///< one a time of Results::times

  std::string name() const { return of.empty() ? quantity : quantity + "." + of; }
};

/// The balance sheet of one portfolio under one stress, the liabilities fully re-valued.
struct StressRow {
  std::string name;       ///< as the study names it, e.g. "irrbb_2024/EUR parallel_up"
  std::string portfolio;  ///< "optimal" or "current"
  double assets = 0.0, liability_pv = 0.0, liability_duration = 0.0, surplus = 0.0, funding_ratio = 0.0;
  double change_assets = 0.0, change_liability_pv = 0.0, change_surplus = 0.0, change_funding_ratio = 0.0;
  std::vector<double> asset_shocks;  ///< relative change of each asset, in the order of Results::asset_names
  std::vector<double> rate_shocks;   ///< of the continuous zero rate at Results::curve_tenors, as applied
};

/// What a regulator's family of stresses asks for: its losses and the capital that follows from them.
struct CapitalResult {
  std::string name;       ///< as the study names the family
  std::string portfolio;  ///< "optimal" or "current"
  std::string rule;       ///< "largest" or "correlated"
  std::vector<std::string> risks;
  std::vector<double> losses;  ///< of surplus, one a risk; what the rule counts, not below 0
  double capital = 0.0;        ///< currency
  double available = 0.0;      ///< the unstressed surplus
};

/// The smallest move of the market that takes the funding ratio to a level.
struct ReverseStress {
  std::string portfolio;       ///< "optimal" or "current"
  std::string status;          ///< "found", "below already" or "not found"
  double level = 0.0;          ///< of the funding ratio
  double horizon_years = 0.0;  ///< over which scenarios give moves their probability
  double distance = 0.0;       ///< of the move, in standard deviations (Mahalanobis); NaN when not found
  double residual = 0.0;       ///< funding ratio found less the level
  double stationarity = 0.0;   ///< 0 at a local optimum
  int starts = 0, starts_agreeing = 0;
  StressRow row;                       ///< the balance sheet after the move
  std::uint64_t nearest_scenario = 0;  ///< of the fresh ones: whose move over the horizon is nearest
  double nearest_distance = 0.0;       ///< between the two moves, in standard deviations
  double nearest_funding_ratio = 0.0;  ///< after that scenario's move, were it sudden
};

/// The balance sheet of one portfolio on a grid of stresses.
struct StressGrid {
  std::string name, portfolio;
  std::vector<std::string> assets_moved;
  std::vector<double> asset_returns;           ///< rows
  std::vector<double> parallel_shifts;         ///< columns, of continuous zero rates
  std::vector<double> funding_ratio, surplus;  ///< row-major
};

/// Where nine in ten resamples of the scenarios put a point of the frontier: 5% and 95% quantiles.
struct FrontierBand {
  double return_low = 0.0, return_high = 0.0;
  double cvar_low = 0.0, cvar_high = 0.0;
};

/// One certified point of the efficient frontier, over the optimisation horizon.
struct FrontierPoint {
  std::vector<double> weights;
  double expected_return = 0.0;  ///< in sample, over the horizon
  double value = 0.0;            ///< in sample
  std::string status;
  std::optional<double> lower_bound, relative_gap;
  Estimate fresh;  ///< the value on the evaluation scenarios
  std::optional<FrontierBand> band;
};

/// A policy over the whole projection: a local optimum, without certificate.
struct PolicyResult {
  std::string measure;  ///< what it minimises: "terminal_cvar", "worst_cvar" or "expected_shortfall"
  double horizon_years = 0.0;
  std::vector<double> from_years;            ///< of each period, 0 first
  std::vector<std::vector<double>> weights;  ///< [period][asset]
  double value = 0.0;                        ///< in units of initial assets, in sample
  double first_order_residual = 0.0;         ///< how much a first-order move could still gain, in the value's unit
  std::vector<double> start_values;          ///< where each start ended, best first
  int evaluations = 0;
  double seconds = 0.0;
  std::uint64_t scenarios = 0;
  Estimate fresh;  ///< the value on the evaluation scenarios
  double optimism = 0.0;
  std::vector<ProjectionRow> projection;  ///< on the evaluation scenarios
};

/// One view on one scenario set: what it is on, before and after the re-weighting.
struct ViewRow {
  std::string sample;    ///< "optimise", "evaluate" or "policy", the paths a policy is fitted to
  std::string view;      ///< "mean of equity"
  std::string relation;  ///< "=", ">=" or "<="
  double target = 0.0, confidence = 1.0, prior = 0.0, posterior = 0.0;
};

/// What the views did to one scenario set.
struct ViewSet {
  std::string sample;
  std::uint64_t scenarios = 0;
  double effective_by_entropy = 0.0;  ///< equally probable scenarios that the set is worth: exp(entropy)
  double effective_by_squares = 0.0;  ///< 1 / sum of squared probabilities
  double relative_entropy = 0.0;      ///< of the new probabilities from the prior
  double largest_residual = 0.0;      ///< of the conditions, in prior standard deviations
};

/// How probable one regime of the scenario model was in one period of the history.
struct RegimeRow {
  std::string date;         ///< ISO, the period's end
  std::int64_t regime = 0;  ///< from 1, the calmest
  double filtered = 0.0, smoothed = 0.0;
};

struct InputRecord {
  std::string name, sha256, content;
};

/// Everything a study found; what the writers need and nothing else.
struct Results {
  std::string study_name, valuation_date;  ///< ISO date; empty without one
  std::uint64_t seed = 0, scenarios = 0, optimise_scenarios = 0;
  std::string resolved_config;  ///< YAML
  std::string compounding;
  std::vector<InputRecord> inputs;
  std::string
      weights_sha256;  ///< of the file that the weights were given in; empty: they were found, or there are none
  std::string original_study;  ///< the study file as read, with --set and other overrides applied in resolved_config

  std::string sampling = "pseudo";  ///< how random numbers were drawn
  std::uint64_t replications = 0;   ///< independent clusters of fresh scenarios behind the standard errors; 0: all

  bool own_scenarios = false;  ///< the user's: none are fresh, everything is measured on the set that was optimised on

  std::vector<std::string> asset_names;
  std::vector<double> instrument_tenors;  ///< of the quotes that the curve is made of
  std::vector<double> key_rate_tenors, curve_tenors, curve_zero_rates, quantile_levels;
  std::vector<double> times;  ///< report times in years, from 0
  std::optional<double> risk_horizon_years, confidence;
  std::optional<double> history_years;  ///< length of the history behind the model
  std::vector<std::string> notes;       ///< what a reader should be told

  std::optional<LiabilityResult> liability;  ///< total
  std::vector<LiabilityResult> liabilities;  ///< each
  std::optional<BalanceResult> balance;
  std::optional<PortfolioResult> portfolio, current;
  std::vector<RiskRow> risk;
  std::vector<ContributionRow> contributions;
  std::optional<OptimizerResult> optimizer;
  std::vector<ProjectionRow> projection, projection_current;
  std::vector<RateRow> rates;
  std::vector<QuantityDistributions> liability_measures;  ///< on request (`output.key_rate_durations`)
  std::vector<QuantityDistributions> market_levels;       ///< price index and credit spreads, where they are simulated
  std::vector<AssetResult> assets;
  std::vector<StressRow> stress;
  std::vector<CapitalResult> capital;
  std::vector<StressGrid> stress_grids;
  std::vector<ReverseStress> reverse_stress;
  std::vector<FrontierPoint> frontier;
  std::optional<PolicyResult> policy;
  std::vector<ViewRow> views;
  std::vector<ViewSet> view_sets;
  std::vector<RegimeRow> regimes;  ///< empty: the model has none
  Validation validation;           ///< no rows: the scenarios are the user's own, or nothing is random

  double seconds = 0.0;  ///< goes to summary.json only: nothing that varies between runs is in results.h5
  int threads = 0;
  std::uint64_t peak_memory_bytes = 0;
};

/// Every portfolio that was measured, the optimal one first.
inline std::vector<const PortfolioResult*> portfolios(const Results& results) {
  std::vector<const PortfolioResult*> all;
  if (results.portfolio) all.push_back(&*results.portfolio);
  if (results.current) all.push_back(&*results.current);
  return all;
}

/// Each liability, and all together as "total".
inline std::vector<LiabilityResult> liabilities_and_total(const Results& results) {
  std::vector<LiabilityResult> all = results.liabilities;
  if (results.liability) {
    all.push_back(*results.liability);
    all.back().name = "total";
  }
  return all;
}

/// The fresh ("evaluate") scenarios of one block, in order. Rows are times (report times), or assets; lanes are
/// scenarios. An array with no rows is a quantity that the study does not have.
struct EvaluateBlock {
  std::uint64_t first_scenario = 0;
  std::size_t scenarios = 0;    ///< lanes beyond are padding
  LaneArray asset_return;       ///< asset: simple buy-and-hold return to the risk horizon
  LaneArray horizon_zero_rate;  ///< tenor of a view: zero rate at the risk horizon
  LaneArray horizon_liability;  ///< 1: l_s at the risk horizon, in units of initial assets
  LaneArray liability_pv, liability_duration, assets_value, surplus, funding_ratio;  ///< time
  LaneArray current_assets_value, current_surplus, current_funding_ratio;  ///< time: the current weights, beside others
  LaneArray short_rate, ten_year_rate;                                     ///< time
  LaneArray zero_rate;                                                     ///< time x tenor, on request
  LaneArray price_index;                                                   ///< time
  LaneArray credit_spread;                                                 ///< time x spread
  LaneArray liability_convexity, liability_modified_duration;              ///< time, on request
  LaneArray liability_effective_duration, liability_dv01;                  ///< time, on request
  LaneArray liability_inflation_duration;                                  ///< time, on request
  LaneArray liability_key_rate_duration;                                   ///< time x key rate, on request
  std::vector<LaneArray> pv_by_liability;                                  ///< each: time, on request
};

/// The scenarios that weights were fitted to, or some of them in a row.
struct OptimiseSet {
  std::uint64_t scenarios = 0;  ///< here
  std::size_t assets = 0;
  const double* asset_return = nullptr;                          ///< row-major scenarios x assets
  std::vector<double> liability;                                 ///< l_s in units of initial assets; empty without
  std::vector<double> probability;                               ///< empty: equal
  std::function<void(std::size_t, std::size_t)> done_with = {};  ///< told which scenarios were written; may be empty
  std::uint64_t first = 0;                                       ///< number of the first one among all
};

}  // namespace ballast
