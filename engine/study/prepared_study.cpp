#include "engine/study/prepared_study.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "engine/config/missing_inputs.h"
#include "engine/liabilities/instrument_sensitivities.h"
#include "scenarios/base/error.h"
#include "scenarios/market/negative_forwards.h"

namespace ballast {
namespace {

int whole_steps(double years, int steps_per_year) { return int(std::lround(years * steps_per_year)); }

/// The history with one column for each asset that is a series; two assets may share a series.
MarketHistory history_of_assets(const StudyConfig& config, const std::vector<std::string>& columns,
                                const std::vector<std::string>& spreads, InputFiles& files) {
  const MarketParameters& market = config.market;
  bool none = !market.returns && !market.prices && !market.curve_history && !market.inflation;
  if (none && spreads.empty()) return {};
  std::vector<std::string> distinct;
  for (const std::string& column : columns) {
    if (std::find(distinct.begin(), distinct.end(), column) == distinct.end()) distinct.push_back(column);
  }
  MarketHistory history = read_history(config.market, distinct, config.scenarios.steps_per_year,
                                       config.study.valuation_date, files, spreads);
  Eigen::MatrixXd returns(history.returns.rows(), Eigen::Index(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    auto column = std::find(distinct.begin(), distinct.end(), columns[i]) - distinct.begin();
    returns.col(Eigen::Index(i)) = history.returns.col(column);
  }
  history.returns = returns;
  history.series = columns;
  return history;
}

void resolve_market(PreparedStudy& study, InputFiles& files) {
  StudyConfig& config = study.config;
  study.history = history_of_assets(config, series_columns(study.assets), spread_columns(study.assets), files);
  for (const std::string& note : study.history.notes) study.notes.push_back(note);
  if (config.market.spreads && spread_columns(study.assets).empty()) {
    study.notes.push_back(
        "market.spreads: no asset follows a credit spread (a corporate_bond does), so none is simulated");
  }
  if (!study.history.dates.empty()) {
    if (!config.study.valuation_date) config.study.valuation_date = study.history.dates.back();
    config.market.window.from = study.history.dates.front();
    config.market.window.to = study.history.dates.back();
  }
  if (config.market.curve || config.market.curve_history) {
    study.quotes = read_curve_quotes(config.market, config.study.valuation_date, files);
    study.curve = study.quotes.curve();
    if (std::string negative = negative_forwards(study.curve); !negative.empty()) {
      study.notes.push_back("yield curve: " + negative);
    }
    const bool assumed =
        !config.market.curve_history && config.scenarios.curve_model != CurveModelKind::principal_components;
    if (assumed) {
      study.notes.push_back(
          fmt::format("no market.curve_history: the curve's shocks are taken for normal, and for uncorrelated with all "
                      "else where scenarios.correlation does not say otherwise ({} with given parameters)",
                      name_of(config.scenarios.curve_model)));
    } else if (!config.market.curve_history && config.scenarios.curve_moves()) {
      config.scenarios.curve_changes.kind = CurveChangeKind::none;
      study.notes.push_back(
          "no market.curve_history: the yield curve keeps its level and shape on every scenario; rates carry no risk "
          "here");
    }
  }
}

/// excess: whether series are, unless they say, simulated over the short rate.
std::vector<SeriesRule> series_rules(StudyConfig& config, bool excess) {
  std::vector<SeriesRule> rules;
  for (std::size_t i = 0; i < config.assets.size(); ++i) {
    AssetParameters& asset = config.assets[i];
    if (!asset.series) continue;
    if (!asset.return_kind) asset.return_kind = excess ? ReturnKind::excess : ReturnKind::total;
    rules.push_back({asset.name, asset.return_kind == ReturnKind::excess, asset.expected_return,
                     fmt::format("assets[{}].return", i)});
  }
  return rules;
}

/// Expected inflation where every scenario starts.
YieldCurve breakeven_now(const World& world) {
  WorldPath start(world, PcgSequence(0, Sequence::evaluate), 0, 1, 0);
  std::vector<double> rates;
  for (std::size_t k = 0; k < world.tenors().size(); ++k) rates.push_back(start.breakeven()(k, 0));
  return YieldCurve(world.tenors(), rates);
}

void resolve_liabilities(PreparedStudy& study, InputFiles& files) {
  StudyConfig& config = study.config;
  study.liabilities = LiabilityBook(config.liabilities, config.study.valuation_date, study.market_now(), files);
  if (!study.has_liabilities()) {
    study.initial_assets = config.balance.assets.value_or(1.0);
    return;
  }
  const MeasureParameters& measures = config.measures;
  study.liability_measures = study.liabilities.measure(study.market_now(), measures.compounding, measures.key_rates);
  study.instrument_changes = instrument_sensitivities(study.liabilities, study.quotes, study.market_now());
  double pv = study.liability_measures.total.pv;
  if (config.balance.funding_ratio && !(pv > 0)) {
    throw key_error(
        "balance.funding_ratio",
        fmt::format("'funding_ratio' needs liabilities with a positive present value (it is {}); give balance.assets",
                    pv));
  }
  study.initial_assets = config.balance.assets.value_or(config.balance.funding_ratio.value_or(1.0) * pv);
}

/// What the balance sheet's durations take for granted about series.
void note_durations(PreparedStudy& study) {
  for (std::size_t i = 0; i < study.assets.size(); ++i) {
    const RateExposure& exposure = study.exposures[i];
    const std::string& name = study.assets[i].name;
    if (exposure.source == DurationSource::regressed) {
      study.notes.push_back(fmt::format("{}: duration {:.2f} years by regression on the {}-year rate (t = {:.1f})",
                                        name, exposure.series.duration, exposure.series.tenor,
                                        exposure.series.t_statistic));
    } else if (exposure.source == DurationSource::unknown) {
      study.notes.push_back(
          fmt::format("{}: moved like a bond of duration {:.1f} (t = {:.1f}); without `duration` the asset duration is "
                      "not known where it is held",
                      name, exposure.series.duration, exposure.series.t_statistic));
    }
  }
}

/// What is worth what it is by the curve's extrapolation alone.
void note_extrapolation(PreparedStudy& study, std::span<const double> spreads) {
  if (study.curve.empty()) return;
  const CurveMethod& method = study.curve.method();
  const double last = study.curve.tenors().back();
  const std::string there =
      fmt::format("beyond the curve's last rate, at {:g} years, where {} sets the rates", last,
                  method.runs_on_by_itself() ? name_of(method.interpolation) : name_of(method.extrapolation));
  double all = 0.0, beyond = 0.0;
  for (const LiabilityTerms& terms : study.liabilities.terms()) {
    for (std::size_t k = 0; k < terms.fixed.times.size(); ++k) {
      const double t = terms.fixed.times[k];
      const double value =
          std::abs(terms.fixed.amounts[k]) * study.curve.discount(t) * std::exp(-terms.fixed.spread * t);
      all += value;
      if (t > last + 1e-9) beyond += value;
    }
  }
  if (beyond > 0.01 * all) {
    study.notes.push_back(
        fmt::format("liabilities: {:.0f}% of the value of fixed payments is due {}", 100 * beyond / all, there));
  }
  for (const Asset& asset : study.assets) {
    const std::optional<AssetFlows> pays = asset_flows(asset, study.curve, study.breakeven, spreads);
    if (!pays || pays->flows.times.empty() || pays->flows.times.back() <= last + 1e-9) continue;
    study.notes.push_back(fmt::format("{}: pays {}", asset.name, there));
  }
}

void resolve_times(PreparedStudy& study) {
  StudyConfig& config = study.config;
  int per_year = config.scenarios.steps_per_year;
  study.steps = whole_steps(config.scenarios.horizon_years, per_year);
  double risk_years = config.optimize ? *config.optimize->horizon_years : std::min(1.0, config.scenarios.horizon_years);
  study.risk_steps = whole_steps(risk_years, per_year);
  if (config.optimize && config.optimize->policy) {
    double years = config.optimize->policy->horizon_years.value_or(config.scenarios.horizon_years);
    study.policy_steps = whole_steps(years, per_year);
  }
  int every = std::max(1, whole_steps(config.output.report_every_years, per_year));
  for (int step = 0; step < study.steps; step += every) study.report_steps.push_back(step);
  study.report_steps.push_back(study.steps);
}

}  // namespace

std::vector<std::string> PreparedStudy::asset_names() const {
  std::vector<std::string> names;
  for (const Asset& asset : assets) names.push_back(asset.name);
  return names;
}

std::optional<double> PreparedStudy::risk_free() const {
  if (config.optimize && config.optimize->risk_free_rate) return config.optimize->risk_free_rate;
  if (curve.empty()) return std::nullopt;
  return 1 / curve.discount(risk_horizon()) - 1;
}

std::vector<double> PreparedStudy::current_weights() const {
  std::vector<double> weights;
  if (config.balance.current.empty()) return weights;
  for (const Asset& asset : assets) {
    auto found = config.balance.current.find(asset.name);
    weights.push_back(found == config.balance.current.end() ? 0.0 : found->second);
  }
  return weights;
}

namespace {

PreparedStudy prepare_from(const StudyConfig& config, InputFiles& files, const YieldCurve* start) {
  PreparedStudy study;
  study.config = config;
  StudyConfig& resolved = study.config;
  if (resolved.optimize && !resolved.optimize->horizon_years) {
    resolved.optimize->horizon_years = std::min(1.0, resolved.scenarios.horizon_years);
  }
  if (!resolved.scenarios.optimise_count) resolved.scenarios.optimise_count = resolved.scenarios.count;
  study.assets = resolve_assets(resolved.assets, resolved.market.curve || resolved.market.curve_history);
  resolve_market(study, files);
  if (start) study.curve = *start;
  const bool excess = resolved.scenarios.measure == Measure::risk_neutral ||
                      (resolved.market.curve_history.has_value() && resolved.scenarios.curve_moves());
  std::vector<SeriesRule> rules = series_rules(resolved, excess);
  study.world = std::make_unique<World>(resolved.scenarios, study.history, study.curve, rules);
  study.world->resolve(resolved.scenarios);
  if (study.world->has_inflation() && study.world->has_curve()) study.breakeven = breakeven_now(*study.world);
  buy_par_bonds(study.assets, resolved.assets, study.curve, study.breakeven);
  resolve_liabilities(study, files);
  if (resolved.optimize) resolved.optimize->loss = loss_of(*resolved.optimize, study.has_liabilities());
  std::vector<double> spreads;
  for (std::size_t k = 0; k < study.world->spreads(); ++k) spreads.push_back(study.world->spread_now(k));
  study.exposures = rate_exposures(study.assets, resolved.assets, study.curve, study.breakeven, study.history, spreads);
  note_durations(study);
  note_extrapolation(study, spreads);
  resolve_times(study);
  if (!resolved.stress.empty()) {
    study.stress = std::make_unique<StressPlan>(
        resolved.stress, StressedBalance{study.assets, resolved.assets, study.exposures, study.market_now(),
                                         study.liabilities, study.initial_assets, study.history});
    study.notes.insert(study.notes.end(), study.stress->notes().begin(), study.stress->notes().end());
  }
  if (resolved.output.zero_rates && study.curve.empty()) {
    throw key_error("output.zero_rates", "needs a yield curve; add market.curve or market.curve_history");
  }
  if (resolved.output.key_rate_durations && !study.has_liabilities()) {
    throw key_error("output.key_rate_durations", "needs liabilities");
  }
  return study;
}

}  // namespace

PreparedStudy prepare_study(const StudyConfig& config, InputFiles& files, const YieldCurve* start) {
  try {
    return prepare_from(config, files, start);
  } catch (const InputError& error) {
    if (error.code() != ExitCode::missing_input) throw;
    throw all_missing_inputs(config, files, error);
  }
}

}  // namespace ballast
