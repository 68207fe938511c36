#pragma once

#include <optional>
#include <vector>

#include "engine/optimize/optimize_parameters.h"
#include "engine/optimize/problem.h"
#include "engine/output/results.h"
#include "engine/study/horizon_scenarios.h"

namespace ballast {

/// Return measures of weights on a scenario set. risk_free: over the horizon; empty: no Sharpe ratio (NaN).
PortfolioResult measure_portfolio(const std::string& name, const std::vector<double>& weights,
                                  const HorizonScenarios& scenarios, double horizon_years, double confidence,
                                  std::optional<double> risk_free);

/// VaR and CVaR of a loss as a row of the risk table.
RiskRow measure_risk(const std::string& of, const std::string& portfolio, const std::string& sample,
                     const std::vector<double>& losses, const ScenarioWeights& weights, double horizon_years,
                     double confidence);

/// The objective's value of weights on scenarios that they were not fitted to, as the optimizer counts it (optimise.h):
/// of `losses` as optimised and of `returns`, over the horizon, not annualised, both less the certain `cost` of
/// trading. risk_free: over the horizon.
Estimate measure_objective(const OptimizeParameters& asked, const std::vector<double>& losses,
                           const std::vector<double>& returns, const ScenarioWeights& weights, double cost,
                           std::optional<double> risk_free);

/// What each asset adds to CVaR. of: "return" or "surplus".
ContributionRow measure_contributions(const std::string& of, const std::string& portfolio, const std::string& sample,
                                      const HorizonScenarios& scenarios, const std::vector<double>& weights,
                                      double confidence);

/// Liabilities, assets and balance sheet at the valuation date. weights: of the asset duration; empty: none.
void describe_liabilities(const PreparedStudy& study, Results& results);
void describe_assets(const PreparedStudy& study, Results& results);
void describe_balance(const PreparedStudy& study, const std::vector<double>& weights, Results& results);

}  // namespace ballast
