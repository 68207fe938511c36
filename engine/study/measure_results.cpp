#include "engine/study/measure_results.h"

#include <algorithm>
#include <cmath>

#include "engine/risk/contributions.h"
#include "engine/risk/risk.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

LiabilityResult liability_result(const std::string& name, const LiabilityMeasures& measures) {
  LiabilityResult result;
  result.name = name;
  result.pv = measures.pv;
  result.macaulay_duration = measures.macaulay_duration;
  result.modified_duration = measures.modified_duration;
  result.convexity = measures.convexity;
  result.effective_duration = measures.effective_duration;
  result.dv01 = measures.dv01;
  result.inflation_duration = measures.inflation_duration;
  result.key_rate_durations = measures.key_rate_durations;
  return result;
}

}  // namespace

PortfolioResult measure_portfolio(const std::string& name, const std::vector<double>& weights,
                                  const HorizonScenarios& scenarios, double horizon_years, double confidence,
                                  std::optional<double> risk_free) {
  std::vector<double> returns = portfolio_returns(scenarios.asset_return.data(), scenarios.scenarios, weights);
  scenarios.asset_return.release(0, scenarios.asset_return.size());
  ReturnMeasures m = measure_returns(returns, scenarios.weights(), horizon_years, risk_free, confidence);
  PortfolioResult result;
  result.name = name;
  result.weights = weights;
  result.expected_return = m.expected_return;
  result.volatility = m.volatility;
  result.sharpe = m.sharpe;
  result.var = {m.tail.var, m.tail.var_standard_error};
  result.cvar = {m.tail.cvar, m.tail.cvar_standard_error};
  return result;
}

RiskRow measure_risk(const std::string& of, const std::string& portfolio, const std::string& sample,
                     const std::vector<double>& losses, const ScenarioWeights& weights, double horizon_years,
                     double confidence) {
  TailMeasures tail = tail_measures(losses, confidence, weights);
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

Estimate measure_objective(const OptimizeParameters& asked, const std::vector<double>& losses,
                           const std::vector<double>& returns, const ScenarioWeights& weights, double cost,
                           std::optional<double> risk_free) {
  const double averse = asked.risk_aversion.value_or(1.0);
  std::vector<double> gains(losses.size());
  std::transform(losses.begin(), losses.end(), gains.begin(), [&](double loss) { return -loss - cost; });
  // A horizon of 1 leaves the ratio as it is: the optimizer does not annualise.
  auto measured = [&](const std::vector<double>& of) {
    return measure_returns(of, weights, 1.0, risk_free, asked.confidence);
  };
  const ReturnMeasures m = measured(gains);
  const double sd = m.volatility.value, variance_error = 2 * sd * m.volatility.standard_error;
  const Estimate cvar{m.tail.cvar, m.tail.cvar_standard_error}, variance{sd * sd, variance_error};
  // Errors of a sum add at most.
  auto less_return = [&](double weight, const Estimate& risk) {
    const Estimate mean = measured(returns).expected_return;
    return Estimate{weight * risk.value - mean.value + cost, weight * risk.standard_error + mean.standard_error};
  };
  switch (asked.objective) {
    case Objective::min_cvar:
    case Objective::cvar_budget:
      return cvar;
    case Objective::max_return:
      return less_return(0.0, cvar);
    case Objective::mean_cvar:
      return less_return(averse, cvar);
    case Objective::min_variance:
      return variance;
    case Objective::mean_variance:
      return less_return(0.5 * averse, variance);
    case Objective::max_sharpe:
      return {-m.sharpe.value, m.sharpe.standard_error};
    case Objective::risk_parity:
      return {sd, m.volatility.standard_error};
  }
  return {NAN, NAN};
}

ContributionRow measure_contributions(const std::string& of, const std::string& portfolio, const std::string& sample,
                                      const HorizonScenarios& scenarios, const std::vector<double>& weights,
                                      double confidence) {
  const std::vector<double> losses = scenarios.losses(weights, of == "surplus");
  const CvarContributions found =
      cvar_contributions(scenarios.asset_return.data(), losses, weights, confidence, scenarios.weights());
  ContributionRow row;
  row.portfolio = portfolio;
  row.of = of;
  row.sample = sample;
  row.confidence = confidence;
  row.asset = found.asset;
  row.rest = found.rest;
  return row;
}

void describe_liabilities(const PreparedStudy& study, Results& results) {
  if (!study.has_liabilities()) return;
  results.instrument_tenors = study.quotes.tenors;
  results.liability = liability_result("total", study.liability_measures.total);
  for (std::size_t i = 0; i < study.liabilities.size(); ++i) {
    LiabilityResult one = liability_result(study.liabilities.names()[i], study.liability_measures.each[i]);
    CashFlows flows = expected_flows(study.liabilities.terms()[i], study.market_now()).flows;
    one.flow_times = flows.times;
    one.flow_amounts = flows.amounts;
    one.instrument_changes = study.instrument_changes[i];
    results.liability->instrument_changes.resize(one.instrument_changes.size());
    for (std::size_t k = 0; k < one.instrument_changes.size(); ++k) {
      results.liability->instrument_changes[k] += one.instrument_changes[k];
    }
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
    if (exposure.flows) {
      asset.flow_times = exposure.flows->flows.times;
      asset.flow_amounts = exposure.flows->flows.amounts;
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

}  // namespace ballast
