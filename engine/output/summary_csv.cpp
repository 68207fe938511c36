#include "engine/output/summary_csv.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/output/distribution_rows.h"
#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"

namespace ballast {
namespace {

/// Lines metric,value,standard_error,unit.
class MetricTable {
 public:
  void add(const std::string& metric, double value, const char* unit) {
    text_ += fmt::format("{},{},,{}\n", csv_field(metric), csv_number(value), csv_field(unit));
  }
  void add(const std::string& metric, const std::optional<double>& value, const char* unit) {
    add(metric, value.value_or(std::numeric_limits<double>::quiet_NaN()), unit);
  }
  void add(const std::string& metric, const Estimate& estimate, const char* unit) {
    text_ += fmt::format("{},{},{},{}\n", csv_field(metric), csv_number(estimate.value),
                         csv_number(estimate.standard_error), csv_field(unit));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_ = "metric,value,standard_error,unit\n";
};

void add_liability(MetricTable& table, const std::string& prefix, const LiabilityResult& one, const Results& results) {
  table.add(prefix + ".pv", one.pv, units::currency);
  table.add(prefix + ".macaulay_duration", one.macaulay_duration, units::years);
  table.add(prefix + ".modified_duration", one.modified_duration, units::years);
  table.add(prefix + ".convexity", one.convexity, units::years_squared);
  table.add(prefix + ".effective_duration", one.effective_duration, units::years);
  table.add(prefix + ".dv01", one.dv01, units::currency);
  table.add(prefix + ".inflation_duration", one.inflation_duration, units::years);
  for (std::size_t k = 0; k < one.key_rate_durations.size(); ++k) {
    table.add(fmt::format("{}.key_rate_duration.{}", prefix, results.key_rate_tenors.at(k)), one.key_rate_durations[k],
              units::years);
  }
}

void add_portfolio(MetricTable& table, const std::string& prefix, const PortfolioResult& held, const Results& results) {
  for (std::size_t k = 0; k < held.weights.size(); ++k) {
    table.add(prefix + ".weight." + results.asset_names.at(k), held.weights[k], units::fraction);
  }
  table.add(prefix + ".expected_return", held.expected_return, units::fraction);
  table.add(prefix + ".volatility", held.volatility, units::fraction);
  table.add(prefix + ".sharpe", held.sharpe, units::fraction);
  table.add(prefix + ".var", held.var, units::fraction);
  table.add(prefix + ".cvar", held.cvar, units::fraction);
}

void add_balance(MetricTable& table, const BalanceResult& sheet, const Results& results) {
  table.add("balance.assets", sheet.assets, units::currency);
  table.add("balance.liability_pv", sheet.liability_pv, units::currency);
  table.add("balance.surplus", sheet.surplus, units::currency);
  table.add("balance.funding_ratio", sheet.funding_ratio, units::fraction);
  table.add("balance.asset_duration", sheet.asset_duration, units::years);
  table.add("balance.duration_gap", sheet.duration_gap, units::years);
  table.add("balance.dv01_gap", sheet.dv01_gap, units::currency);
  for (std::size_t k = 0; k < sheet.asset_key_rate_durations.size(); ++k) {
    std::string node = fmt::format("{}", results.key_rate_tenors.at(k));
    table.add("balance.asset_key_rate_duration." + node, sheet.asset_key_rate_durations[k], units::years);
    table.add("balance.key_rate_dv01_gap." + node, sheet.key_rate_dv01_gap[k], units::currency);
  }
}

void add_asset(MetricTable& table, const AssetResult& one) {
  table.add("assets." + one.name + ".modified_duration", one.modified_duration, units::years);
  table.add("assets." + one.name + ".convexity", one.convexity, units::years_squared);
}

void add_contributions(MetricTable& table, const ContributionRow& row, const Results& results) {
  const std::string prefix = fmt::format("contribution.{}.{}", row.portfolio, row.of);
  for (std::size_t k = 0; k < row.asset.size(); ++k) {
    table.add(prefix + "." + results.asset_names.at(k), row.asset[k], units::fraction);
  }
  table.add(prefix + ".rest", row.rest, units::fraction);
}

void add_prices(MetricTable& table, const OptimizerResult& found, const Results& results) {
  table.add("optimizer.residual", found.residual, units::fraction);
  for (const PricedLimit& limit : found.shadow_prices) {
    table.add("optimizer.shadow_price." + limit.constraint, limit.price, "");
  }
  for (std::size_t k = 0; k < found.reduced_costs.size(); ++k) {
    table.add("optimizer.reduced_cost." + results.asset_names.at(k), found.reduced_costs[k], "");
  }
  for (const WorstCaseSet& set : found.worst_case) {
    table.add("optimizer.worst_case." + set.name + ".cvar", set.cvar, units::initial_assets);
  }
}

void add_optimizer(MetricTable& table, const OptimizerResult& found, bool own_scenarios) {
  table.add("optimizer.value", found.value, "");
  table.add("optimizer.lower_bound", found.lower_bound, "");
  table.add("optimizer.relative_gap", found.relative_gap, units::fraction);
  if (own_scenarios) return;
  table.add("fresh_scenarios.value", found.fresh, "");
  table.add("fresh_scenarios.optimism", found.optimism, "");
}

}  // namespace

std::string summary_csv(const Results& results) {
  MetricTable table;
  if (results.liability) add_liability(table, "liability", *results.liability, results);
  for (const LiabilityResult& one : results.liabilities) add_liability(table, "liability." + one.name, one, results);
  if (results.balance) add_balance(table, *results.balance, results);
  for (const AssetResult& one : results.assets) add_asset(table, one);
  if (results.portfolio) add_portfolio(table, "portfolio", *results.portfolio, results);
  if (results.current) add_portfolio(table, "current", *results.current, results);
  for (const RiskRow& row : results.risk) {
    std::string prefix =
        fmt::format("risk.{}.{}.{}y.{}.{}", row.of, row.portfolio, row.horizon_years, row.confidence, row.sample);
    table.add(prefix + ".var", row.var, row.unit.c_str());
    table.add(prefix + ".cvar", row.cvar, row.unit.c_str());
  }
  for (const ContributionRow& row : results.contributions) add_contributions(table, row, results);
  if (results.optimizer) {
    add_optimizer(table, *results.optimizer, results.own_scenarios);
    add_prices(table, *results.optimizer, results);
  }
  return table.text();
}

std::string weights_csv(const Results& results) {
  std::string text = "asset,weight_optimal,weight_current\n";
  auto weight = [](const std::optional<PortfolioResult>& held, std::size_t k) {
    return held ? csv_number(held->weights.at(k)) : std::string();
  };
  for (std::size_t k = 0; k < results.asset_names.size(); ++k) {
    text += fmt::format("{},{},{}\n", csv_field(results.asset_names[k]), weight(results.portfolio, k),
                        weight(results.current, k));
  }
  return text;
}

std::string distributions_csv(const Results& results) {
  std::string text = "quantity,time,statistic,value\n";
  const std::string first = results.portfolio ? "optimal" : "current";
  for (const DistributionRow& row : distribution_rows(results)) {
    std::string quantity = row.quantity, statistic = row.statistic;
    if (!row.portfolio.empty() && row.portfolio != first) quantity = row.portfolio + "." + quantity;
    if (quantity == "negative_short_rate") {
      if (statistic != "mean") continue;
      quantity = "short_rate";
      statistic = "negative_share";
    }
    text += fmt::format("{},{},{},{}\n", csv_field(quantity), csv_number(row.time), statistic, csv_number(row.value));
  }
  return text;
}

std::string frontier_csv(const Results& results) {
  std::string text =
      "point,expected_return,cvar,lower_bound,fresh_cvar,fresh_standard_error,return_low,return_high,cvar_low,cvar_"
      "high,"
      "asset,weight\n";
  for (std::size_t p = 0; p < results.frontier.size(); ++p) {
    const FrontierPoint& point = results.frontier[p];
    std::string band = ",,,";
    if (point.band) {
      band = fmt::format("{},{},{},{}", csv_number(point.band->return_low), csv_number(point.band->return_high),
                         csv_number(point.band->cvar_low), csv_number(point.band->cvar_high));
    }
    for (std::size_t k = 0; k < point.weights.size(); ++k) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\n", p, csv_number(point.expected_return), csv_number(point.value),
                          point.lower_bound ? csv_number(*point.lower_bound) : "", csv_number(point.fresh.value),
                          csv_number(point.fresh.standard_error), band, csv_field(results.asset_names.at(k)),
                          csv_number(point.weights[k]));
    }
  }
  return text;
}

std::string policy_csv(const Results& results) {
  std::string text = "from_years,asset,weight\n";
  if (!results.policy) return text;
  for (std::size_t p = 0; p < results.policy->weights.size(); ++p) {
    const std::vector<double>& weights = results.policy->weights[p];
    for (std::size_t k = 0; k < weights.size(); ++k) {
      text += fmt::format("{},{},{}\n", csv_number(results.policy->from_years[p]), csv_field(results.asset_names.at(k)),
                          csv_number(weights[k]));
    }
  }
  return text;
}

std::string stress_csv(const Results& results) {
  std::string text =
      "name,portfolio,assets,liability_pv,liability_duration,surplus,funding_ratio,change_assets,change_liability_pv,"
      "change_surplus,change_funding_ratio\n";
  for (const StressRow& row : results.stress) {
    text += csv_field(row.name) + "," + row.portfolio;
    for (double value : {row.assets, row.liability_pv, row.liability_duration, row.surplus, row.funding_ratio,
                         row.change_assets, row.change_liability_pv, row.change_surplus, row.change_funding_ratio}) {
      text += "," + csv_number(value);
    }
    text += '\n';
  }
  return text;
}

std::string capital_csv(const Results& results) {
  std::string text = "name,portfolio,risk,loss\n";
  for (const CapitalResult& result : results.capital) {
    std::string start = csv_field(result.name) + "," + result.portfolio + ",";
    for (std::size_t k = 0; k < result.risks.size(); ++k) {
      text += start + csv_field(result.risks[k]) + "," + csv_number(result.losses[k]) + "\n";
    }
    text += start + "capital," + csv_number(result.capital) + "\n";
    text += start + "available," + csv_number(result.available) + "\n";
  }
  return text;
}

std::string stress_grid_csv(const Results& results) {
  std::string text = "name,portfolio,asset_return,parallel_shift,funding_ratio,surplus\n";
  for (const StressGrid& grid : results.stress_grids) {
    std::size_t columns = grid.parallel_shifts.size();
    for (std::size_t k = 0; k < grid.funding_ratio.size(); ++k) {
      text += csv_field(grid.name) + "," + grid.portfolio;
      for (double value : {grid.asset_returns[k / columns], grid.parallel_shifts[k % columns], grid.funding_ratio[k],
                           grid.surplus[k]}) {
        text += "," + csv_number(value);
      }
      text += '\n';
    }
  }
  return text;
}

}  // namespace ballast
