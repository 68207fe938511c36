#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {
namespace {

/// Every portfolio that was measured.
std::vector<const PortfolioResult*> portfolios(const Results& r) {
  std::vector<const PortfolioResult*> all;
  if (r.portfolio) all.push_back(&*r.portfolio);
  if (r.current) all.push_back(&*r.current);
  return all;
}

}  // namespace

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

ResultTable frontier_table(const Results& r) {
  return TableColumns("frontier", "efficient frontier", r.frontier)
      .integer("point", [next = std::int64_t(0)](const FrontierPoint&) mutable { return next++; })
      .number("expected_return", units::fraction, &FrontierPoint::expected_return)
      .number("cvar", units::initial_assets, &FrontierPoint::value)
      .number("lower_bound", units::initial_assets, [](const auto& at) { return or_nan(at.lower_bound); })
      .estimate("fresh_cvar", units::initial_assets, &FrontierPoint::fresh)
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
