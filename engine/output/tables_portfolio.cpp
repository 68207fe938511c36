#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {
ResultTable weights_table(const Results& r) {
  std::vector<TableEntry> rows;
  for (const PortfolioResult* held : portfolios(r)) {
    for (std::size_t k = 0; k < held->weights.size(); ++k) {
      rows.push_back({held->name, r.asset_names.at(k), 0.0, held->weights[k]});
    }
  }
  return TableColumns("weights", "weights of the portfolios", rows)
      .text("portfolio", &TableEntry::first)
      .text("asset", &TableEntry::second)
      .number("weight", units::fraction, &TableEntry::value)
      .take();
}

ResultTable portfolio_table(const Results& r) {
  std::vector<PortfolioResult> rows;
  for (const PortfolioResult* held : portfolios(r)) rows.push_back(*held);
  return TableColumns("portfolios", "return of the portfolios over the risk horizon", rows)
      .text("portfolio", &PortfolioResult::name)
      .number("horizon_years", units::years, [&](const auto&) { return or_nan(r.risk_horizon_years); })
      .number("confidence", units::fraction, [&](const auto&) { return or_nan(r.confidence); })
      .estimate("expected_return", units::fraction, &PortfolioResult::expected_return)
      .estimate("volatility", units::fraction, &PortfolioResult::volatility)
      .estimate("sharpe", "", &PortfolioResult::sharpe)
      .estimate("var", units::fraction, &PortfolioResult::var)
      .estimate("cvar", units::fraction, &PortfolioResult::cvar)
      .take();
}

ResultTable risk_table(const Results& r) {
  return TableColumns("risk", "value-at-risk and conditional value-at-risk", r.risk)
      .text("of", &RiskRow::of)
      .text("portfolio", &RiskRow::portfolio)
      .number("horizon_years", units::years, &RiskRow::horizon_years)
      .number("confidence", units::fraction, &RiskRow::confidence)
      .text("sample", &RiskRow::sample)
      .estimate("var", units::initial_assets, &RiskRow::var)
      .estimate("cvar", units::initial_assets, &RiskRow::cvar)
      .take();
}

/// What each asset, and the liabilities (without a name), add to CVaR.
ResultTable contribution_table(const Results& r) {
  struct Part {
    const ContributionRow* of;
    std::string asset;
    Estimate cvar;
  };
  std::vector<Part> rows;
  for (const ContributionRow& one : r.contributions) {
    for (std::size_t i = 0; i < one.asset.size(); ++i) rows.push_back({&one, r.asset_names.at(i), one.asset[i]});
    if (one.of == "surplus") rows.push_back({&one, "", one.rest});
  }
  return TableColumns("contributions", "what each asset and the liabilities add to CVaR", rows)
      .text("of", [](const Part& p) { return p.of->of; })
      .text("portfolio", [](const Part& p) { return p.of->portfolio; })
      .text("asset", &Part::asset)
      .number("confidence", units::fraction, [](const Part& p) { return p.of->confidence; })
      .text("sample", [](const Part& p) { return p.of->sample; })
      .estimate("cvar", units::initial_assets, &Part::cvar)
      .take();
}

ResultTable shadow_price_table(const Results& r) {
  return TableColumns("shadow_prices", "what the limits that bind cost",
                      r.optimizer ? r.optimizer->shadow_prices : std::vector<PricedLimit>{})
      .text("constraint", &PricedLimit::constraint)
      .number("limit", "", &PricedLimit::limit)
      .number("price", "", &PricedLimit::price)
      .take();
}

ResultTable worst_case_table(const Results& r) {
  return TableColumns("worst_case", "optimal weights on each set of scenarios",
                      r.optimizer ? r.optimizer->worst_case : std::vector<WorstCaseSet>{})
      .text("set", &WorstCaseSet::name)
      .integer("scenarios", [](const WorstCaseSet& set) { return std::int64_t(set.scenarios); })
      .estimate("cvar", units::initial_assets, &WorstCaseSet::cvar)
      .take();
}

ResultTable policy_table(const Results& r) {
  std::vector<TableEntry> rows;
  for (std::size_t p = 0; r.policy && p < r.policy->weights.size(); ++p) {
    for (std::size_t k = 0; k < r.policy->weights[p].size(); ++k) {
      rows.push_back({r.asset_names.at(k), "", r.policy->from_years.at(p), r.policy->weights[p][k]});
    }
  }
  return TableColumns("policy", "weights of the policy over the projection", rows)
      .number("from_years", units::years, &TableEntry::at)
      .text("asset", &TableEntry::first)
      .number("weight", units::fraction, &TableEntry::value)
      .take();
}

ResultTable frontier_table(const Results& r) {
  auto in_band = [](double FrontierBand::*side) {
    return [side](const FrontierPoint& at) { return at.band ? (*at.band).*side : kNan; };
  };
  return TableColumns("frontier", "efficient frontier", r.frontier)
      .integer("point", [next = std::int64_t(0)](const FrontierPoint&) mutable { return next++; })
      .number("expected_return", units::fraction, &FrontierPoint::expected_return)
      .number("cvar", units::initial_assets, &FrontierPoint::value)
      .number("lower_bound", units::initial_assets, [](const auto& at) { return or_nan(at.lower_bound); })
      .estimate("fresh_cvar", units::initial_assets, &FrontierPoint::fresh)
      .number("expected_return_low", units::fraction, in_band(&FrontierBand::return_low))
      .number("expected_return_high", units::fraction, in_band(&FrontierBand::return_high))
      .number("cvar_low", units::initial_assets, in_band(&FrontierBand::cvar_low))
      .number("cvar_high", units::initial_assets, in_band(&FrontierBand::cvar_high))
      .text("status", &FrontierPoint::status)
      .take();
}

ResultTable frontier_weight_table(const Results& r) {
  std::vector<TableEntry> rows;
  for (std::size_t p = 0; p < r.frontier.size(); ++p) {
    for (std::size_t k = 0; k < r.frontier[p].weights.size(); ++k) {
      rows.push_back({r.asset_names.at(k), "", double(p), r.frontier[p].weights[k]});
    }
  }
  return TableColumns("frontier_weights", "weights along the efficient frontier", rows)
      .integer("point", [](const TableEntry& row) { return std::int64_t(row.at); })
      .text("asset", &TableEntry::first)
      .number("weight", units::fraction, &TableEntry::value)
      .take();
}

}  // namespace ballast
