#include "engine/study/measure_results.h"

#include <algorithm>
#include <cmath>

#include "engine/risk/risk.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

Estimate estimate(const Measured& measured) { return {measured.value, measured.standard_error}; }

/// Mean and quantiles of finite values; a quantity that is not a number on some scenario is left out there. All NaN
/// when none is left. Destroys the order of `values`.
Distribution distribution(std::vector<double>& values) {
  Distribution result;
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }), values.end());
  double n = double(values.size());
  if (values.empty()) {
    result.mean = {NAN, NAN};
    result.quantiles.assign(reported_quantiles().size(), NAN);
    return result;
  }
  CompensatedSum sum;
  for (double v : values) sum.add(v);
  double mean = sum.value() / n, squares = 0.0;
  for (double v : values) squares += (v - mean) * (v - mean);
  result.mean = {mean, n > 1 ? std::sqrt(squares / (n - 1) / n) : NAN};
  // Ascending levels: each selection works on what the last one left above it.
  auto from = values.begin();
  for (double level : reported_quantiles()) {
    auto rank = std::max<std::ptrdiff_t>(1, std::ptrdiff_t(std::ceil(level * n - 1e-9)));
    auto at = values.begin() + (rank - 1);
    if (at >= from) std::nth_element(from, at, values.end());
    result.quantiles.push_back(*at);
    from = at;
  }
  return result;
}

Distribution distribution_at(const ReportValues& values, std::size_t time) {
  if (values.empty()) {
    std::vector<double> none;
    return distribution(none);
  }
  std::vector<double> copy(values.at(time), values.at(time) + values.scenarios());
  return distribution(copy);
}

Estimate share(const ReportValues& values, std::size_t time, double below) {
  double count = 0.0, n = double(values.scenarios());
  for (std::uint64_t s = 0; s < values.scenarios(); ++s) count += values.at(time)[s] < below;
  double p = count / n;
  return {p, std::sqrt(p * (1 - p) / n)};
}

LiabilityResult liability_result(const std::string& name, const LiabilityMeasures& measures) {
  LiabilityResult result;
  result.name = name;
  result.pv = measures.pv;
  result.macaulay_duration = measures.macaulay_duration;
  result.modified_duration = measures.modified_duration;
  result.convexity = measures.convexity;
  result.key_rate_durations = measures.key_rate_durations;
  return result;
}

}  // namespace

const std::vector<double>& reported_quantiles() {
  static const std::vector<double> levels = {0.005, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.995};
  return levels;
}

PortfolioResult measure_portfolio(const std::string& name, const std::vector<double>& weights,
                                  const HorizonScenarios& scenarios, double horizon_years, double confidence,
                                  std::optional<double> risk_free) {
  std::vector<double> returns = portfolio_returns(scenarios.asset_return.data(), scenarios.scenarios, weights);
  ReturnMeasures m = measure_returns(returns, scenarios.probability, horizon_years, risk_free, confidence);
  PortfolioResult result;
  result.name = name;
  result.weights = weights;
  result.expected_return = estimate(m.expected_return);
  result.volatility = estimate(m.volatility);
  result.sharpe = estimate(m.sharpe);
  result.var = {m.tail.var, m.tail.var_standard_error};
  result.cvar = {m.tail.cvar, m.tail.cvar_standard_error};
  return result;
}

RiskRow measure_risk(const std::string& of, const std::string& portfolio, const std::string& sample,
                     const std::vector<double>& losses, const std::vector<double>& probability, double horizon_years,
                     double confidence) {
  TailMeasures tail = tail_measures(losses, confidence, probability);
  RiskRow row;
  row.of = of;
  row.portfolio = portfolio;
  row.horizon_years = horizon_years;
  row.confidence = confidence;
  row.unit = "fraction of initial assets";
  row.sample = sample;
  row.var = {tail.var, tail.var_standard_error};
  row.cvar = {tail.cvar, tail.cvar_standard_error};
  return row;
}

Estimate measure_objective(Objective objective, const std::vector<double>& losses,
                           const std::vector<double>& probability, double confidence, std::optional<double> risk_free) {
  std::vector<double> gains(losses.size());
  std::transform(losses.begin(), losses.end(), gains.begin(), [](double loss) { return -loss; });
  // A horizon of 1 leaves the ratio as it is: the optimizer does not annualise.
  ReturnMeasures m = measure_returns(gains, probability, 1.0, risk_free, confidence);
  switch (objective) {
    case Objective::min_cvar:
      return {m.tail.cvar, m.tail.cvar_standard_error};
    case Objective::min_variance:
      return {m.volatility.value * m.volatility.value, 2 * m.volatility.value * m.volatility.standard_error};
    case Objective::max_sharpe:
      return {-m.sharpe.value, m.sharpe.standard_error};
  }
  return {NAN, NAN};
}

void describe_liabilities(const PreparedStudy& study, Results& results) {
  if (!study.has_liabilities()) return;
  results.liability = liability_result("total", study.liability_measures.total);
  for (std::size_t i = 0; i < study.liabilities.size(); ++i) {
    LiabilityResult one = liability_result(study.liabilities.names()[i], study.liability_measures.each[i]);
    CashFlows flows = expected_flows(study.liabilities.terms()[i], study.market_now()).flows;
    one.flow_times = flows.times;
    one.flow_amounts = flows.amounts;
    results.liabilities.push_back(one);
  }
}

void describe_assets(const PreparedStudy& study, Results& results) {
  for (std::size_t i = 0; i < study.assets.size(); ++i) {
    const RateExposure& exposure = study.exposures[i];
    AssetResult asset;
    asset.name = study.assets[i].name;
    asset.duration_source = name_of(exposure.source);
    if (exposure.source != DurationSource::unknown && !study.curve.empty()) {
      AssetMeasures measures =
          exposure.measures(study.curve, study.config.measures.compounding, study.config.measures.key_rates);
      asset.modified_duration = measures.modified_duration;
      asset.convexity = measures.convexity;
      asset.key_rate_durations = measures.key_rate_durations;
    }
    results.assets.push_back(asset);
  }
}

void describe_balance(const PreparedStudy& study, const std::vector<double>& weights, Results& results) {
  if (!study.has_liabilities()) return;
  BalanceResult balance;
  balance.assets = study.initial_assets;
  balance.liability_pv = study.liability_measures.total.pv;
  balance.surplus = balance.assets - balance.liability_pv;
  balance.funding_ratio = balance.liability_pv != 0 ? balance.assets / balance.liability_pv : NAN;
  // Known only when every asset held is.
  const std::vector<double>& nodes = study.config.measures.key_rates;
  double duration = 0.0;
  std::vector<double> key_rates(nodes.size(), 0.0);
  bool known = !weights.empty();
  for (std::size_t i = 0; i < weights.size() && known; ++i) {
    if (weights[i] == 0.0) continue;
    known = study.exposures[i].source != DurationSource::unknown;
    AssetMeasures asset = study.exposures[i].measures(study.curve, study.config.measures.compounding, nodes);
    duration += weights[i] * asset.modified_duration;
    for (std::size_t k = 0; k < nodes.size(); ++k) key_rates[k] += weights[i] * asset.key_rate_durations[k];
  }
  if (known) {
    const LiabilityMeasures& liability = study.liability_measures.total;
    balance.asset_duration = duration;
    balance.duration_gap = duration - liability.modified_duration * balance.liability_pv / balance.assets;
    balance.dv01_gap = (duration * balance.assets - liability.modified_duration * balance.liability_pv) * 1e-4;
    balance.asset_key_rate_durations = key_rates;
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      balance.key_rate_dv01_gap.push_back(
          (key_rates[k] * balance.assets - liability.key_rate_durations[k] * balance.liability_pv) * 1e-4);
    }
  }
  results.balance = balance;
}

std::vector<ProjectionRow> project_rows(const PreparedStudy& study, const Evaluation& evaluation,
                                        std::size_t portfolio) {
  std::vector<ProjectionRow> rows(study.report_steps.size());
  const PortfolioValues& values = evaluation.portfolios[portfolio];
  parallel_for(rows.size(), [&](std::size_t t) {
    rows[t].time = study.report_steps[t] * study.step_years();
    rows[t].liability_pv = distribution_at(evaluation.liability_pv, t);
    rows[t].liability_duration = distribution_at(evaluation.liability_duration, t);
    rows[t].assets = distribution_at(values.assets, t);
    rows[t].surplus = distribution_at(values.surplus, t);
    rows[t].funding_ratio = distribution_at(values.funding_ratio, t);
    rows[t].shortfall_probability = share(values.surplus, t, 0.0);
  });
  return rows;
}

std::vector<RateRow> rate_rows(const PreparedStudy& study, const Evaluation& evaluation) {
  if (evaluation.short_rate.empty()) return {};
  std::vector<RateRow> rows(study.report_steps.size());
  parallel_for(rows.size(), [&](std::size_t t) {
    rows[t].time = study.report_steps[t] * study.step_years();
    rows[t].short_rate = distribution_at(evaluation.short_rate, t);
    rows[t].ten_year_rate = distribution_at(evaluation.ten_year_rate, t);
    std::vector<double> slope(evaluation.short_rate.scenarios());
    for (std::size_t s = 0; s < slope.size(); ++s) {
      slope[s] = evaluation.ten_year_rate.at(t)[s] - evaluation.short_rate.at(t)[s];
    }
    rows[t].slope = distribution(slope);
    rows[t].negative_share = share(evaluation.short_rate, t, 0.0).value;
  });
  return rows;
}

}  // namespace ballast
