#include "engine/study/measure_results.h"

#include <algorithm>
#include <cmath>

#include "engine/portfolio/assets.h"
#include "engine/risk/contributions.h"
#include "engine/risk/risk.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

/// The tail of confidence 0 is everything; of measures with their errors it wants a sliver less.
double above_zero(double confidence) { return std::max(confidence, 1e-12); }

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
  ReturnMeasures m = measure_returns(returns, scenarios.probability, horizon_years, risk_free, above_zero(confidence));
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
  TailMeasures tail = tail_measures(losses, above_zero(confidence), probability);
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
                           const std::vector<double>& returns, const std::vector<double>& probability, double cost,
                           std::optional<double> risk_free) {
  const double averse = asked.risk_aversion.value_or(1.0);
  std::vector<double> gains(losses.size());
  std::transform(losses.begin(), losses.end(), gains.begin(), [&](double loss) { return -loss - cost; });
  // A horizon of 1 leaves the ratio as it is: the optimizer does not annualise.
  auto measured = [&](const std::vector<double>& of) {
    return measure_returns(of, probability, 1.0, risk_free, above_zero(asked.confidence));
  };
  const ReturnMeasures m = measured(gains);
  const double sd = m.volatility.value, variance_error = 2 * sd * m.volatility.standard_error;
  const Estimate cvar{m.tail.cvar, m.tail.cvar_standard_error}, variance{sd * sd, variance_error};
  // Errors of a sum add at most.
  auto less_return = [&](double weight, const Estimate& risk) {
    const Measured mean = measured(returns).expected_return;
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
      cvar_contributions(scenarios.asset_return.data(), losses, weights, confidence, scenarios.probability);
  ContributionRow row;
  row.portfolio = portfolio;
  row.of = of;
  row.sample = sample;
  row.confidence = confidence;
  for (const Measured& asset : found.asset) row.asset.push_back(estimate(asset));
  row.rest = estimate(found.rest);
  return row;
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

void describe_balance(const PreparedStudy& study, const std::vector<double>& weights, Results& results) {
  if (!study.has_liabilities()) return;
  BalanceResult balance;
  balance.assets = study.initial_assets;
  balance.liability_pv = study.liability_measures.total.pv;
  balance.surplus = balance.assets - balance.liability_pv;
  balance.funding_ratio = balance.liability_pv != 0 ? balance.assets / balance.liability_pv : NAN;
  // Known only when every asset held has a duration: a series does not say its own.
  double duration = 0.0;
  bool known = !weights.empty();
  for (std::size_t i = 0; i < weights.size() && known; ++i) {
    if (weights[i] == 0.0) continue;
    std::optional<double> d =
        modified_duration(study.assets[i], study.curve, study.config.measures.compounding, study.step_years());
    known = d.has_value();
    if (known) duration += weights[i] * *d;
  }
  if (known) {
    const double liability_duration = study.liability_measures.total.modified_duration;
    balance.asset_duration = duration;
    balance.duration_gap = duration - liability_duration * balance.liability_pv / balance.assets;
    balance.dv01_gap = (duration * balance.assets - liability_duration * balance.liability_pv) * 1e-4;
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
