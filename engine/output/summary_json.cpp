#include "engine/output/summary_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/output/labels.h"
#include "engine/output/results_file.h"
#include "engine/output/version.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;  // writes NaN as null, and doubles so that they read back to the same bits

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

template <class Value, class Write>
Json list_of(const std::vector<Value>& values, Write&& write) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(write(value));
  return list;
}

Json liability(const LiabilityResult& one, const Results& results) {
  Json key_rates = Json::object();
  for (std::size_t k = 0; k < one.key_rate_durations.size(); ++k) {
    key_rates[fmt::format("{}", results.key_rate_tenors.at(k))] = one.key_rate_durations[k];
  }
  return {{"name", one.name},
          {"pv", one.pv},
          {"macaulay_duration", one.macaulay_duration},
          {"modified_duration", one.modified_duration},
          {"convexity", one.convexity},
          {"compounding", results.compounding},
          {"key_rate_durations", key_rates}};
}

Json balance(const BalanceResult& sheet) {
  return {{"assets", sheet.assets},
          {"liability_pv", sheet.liability_pv},
          {"surplus", sheet.surplus},
          {"funding_ratio", sheet.funding_ratio},
          {"asset_duration", or_null(sheet.asset_duration)},
          {"duration_gap", or_null(sheet.duration_gap)},
          {"dv01_gap", or_null(sheet.dv01_gap)}};
}

Json portfolio(const std::optional<PortfolioResult>& held, const Results& results) {
  if (!held) return nullptr;
  Json weights = Json::object();
  for (std::size_t k = 0; k < held->weights.size(); ++k) weights[results.asset_names.at(k)] = held->weights[k];
  return {{"weights", weights},
          {"expected_return", held->expected_return.value},
          {"volatility", held->volatility.value},
          {"sharpe", held->sharpe.value},
          {"var", held->var.value},
          {"cvar", held->cvar.value},
          {"confidence", or_null(results.confidence)},
          {"horizon_years", or_null(results.risk_horizon_years)},
          {"standard_error",
           {{"expected_return", held->expected_return.standard_error},
            {"volatility", held->volatility.standard_error},
            {"sharpe", held->sharpe.standard_error},
            {"var", held->var.standard_error},
            {"cvar", held->cvar.standard_error}}}};
}

Json risk_row(const RiskRow& row) {
  return {{"of", row.of},
          {"portfolio", row.portfolio},
          {"horizon_years", row.horizon_years},
          {"confidence", row.confidence},
          {"unit", row.unit},
          {"sample", row.sample},
          {"var", row.var.value},
          {"cvar", row.cvar.value},
          {"standard_error", {{"var", row.var.standard_error}, {"cvar", row.cvar.standard_error}}}};
}

Json optimizer(const OptimizerResult& found, const Results& results) {
  Json costs = Json::object(), prices = Json::array();
  for (std::size_t k = 0; k < found.reduced_costs.size(); ++k) {
    costs[results.asset_names.at(k)] = found.reduced_costs[k];
  }
  for (const PricedLimit& limit : found.shadow_prices) {
    prices.push_back({{"constraint", limit.constraint}, {"limit", limit.limit}, {"price", limit.price}});
  }
  return {{"objective", found.objective},
          {"loss", found.loss},
          {"status", found.status},
          {"value", found.value},
          {"lower_bound", or_null(found.lower_bound)},
          {"relative_gap", or_null(found.relative_gap)},
          {"residual", or_null(found.residual)},
          {"iterations", found.iterations},
          {"scenarios", found.scenarios},
          {"shadow_prices", prices},
          {"reduced_costs", costs}};
}

Json contribution_row(const ContributionRow& row, const Results& results) {
  Json assets = Json::object();
  for (std::size_t k = 0; k < row.asset.size(); ++k) {
    assets[results.asset_names.at(k)] = {{"value", row.asset[k].value},
                                         {"standard_error", row.asset[k].standard_error}};
  }
  return {
      {"portfolio", row.portfolio}, {"of", row.of},
      {"sample", row.sample},       {"confidence", row.confidence},
      {"assets", assets},           {"rest", {{"value", row.rest.value}, {"standard_error", row.rest.standard_error}}}};
}

Json distribution(const Distribution& values, const Results& results) {
  Json entry = {{"mean", values.mean.value}, {"standard_error", values.mean.standard_error}};
  for (std::size_t k = 0; k < values.quantiles.size(); ++k) {
    entry[quantile_label(results.quantile_levels.at(k))] = values.quantiles[k];
  }
  return entry;
}

// The liabilities do not depend on the portfolio; their value and duration stand here as means, and as distributions.
Json projection_row(const ProjectionRow& row, const Results& results) {
  Json entry = {{"time", row.time}};
  bool liabilities = !row.liability_pv.quantiles.empty();
  entry["liability_pv"] = liabilities ? Json(row.liability_pv.mean.value) : Json(nullptr);
  entry["liability_duration"] = liabilities ? Json(row.liability_duration.mean.value) : Json(nullptr);
  auto add = [&](const char* key, const Distribution& values) {
    entry[key] = values.quantiles.empty() ? Json(nullptr) : distribution(values, results);
  };
  add("funding_ratio", row.funding_ratio);
  add("surplus", row.surplus);
  entry["shortfall_probability"] = liabilities ? Json(row.shortfall_probability.value) : Json(nullptr);
  entry["shortfall_probability_standard_error"] =
      liabilities ? Json(row.shortfall_probability.standard_error) : Json(nullptr);
  add("assets", row.assets);
  add("liability_pv_distribution", row.liability_pv);
  add("liability_duration_distribution", row.liability_duration);
  return entry;
}

Json frontier_point(const FrontierPoint& point, const Results& results) {
  Json band = nullptr;
  if (point.band) {
    band = {{"return_low", point.band->return_low},
            {"return_high", point.band->return_high},
            {"cvar_low", point.band->cvar_low},
            {"cvar_high", point.band->cvar_high}};
  }
  Json weights = Json::object();
  for (std::size_t k = 0; k < point.weights.size(); ++k) weights[results.asset_names.at(k)] = point.weights[k];
  return {{"expected_return", point.expected_return},
          {"value", point.value},
          {"lower_bound", or_null(point.lower_bound)},
          {"relative_gap", or_null(point.relative_gap)},
          {"status", point.status},
          {"fresh", {{"value", point.fresh.value}, {"standard_error", point.fresh.standard_error}}},
          {"band", band},
          {"weights", weights}};
}

Json stress_row(const StressRow& row, const Results& results) {
  Json assets = Json::object(), rates = Json::object();
  for (std::size_t k = 0; k < row.asset_shocks.size(); ++k) assets[results.asset_names.at(k)] = row.asset_shocks[k];
  for (std::size_t k = 0; k < row.rate_shocks.size(); ++k) {
    rates[fmt::format("{}", results.curve_tenors.at(k))] = row.rate_shocks[k];
  }
  return {{"name", row.name},
          {"portfolio", row.portfolio},
          {"assets", row.assets},
          {"liability_pv", row.liability_pv},
          {"liability_duration", row.liability_duration},
          {"surplus", row.surplus},
          {"funding_ratio", row.funding_ratio},
          {"change",
           {{"assets", row.change_assets},
            {"liability_pv", row.change_liability_pv},
            {"surplus", row.change_surplus},
            {"funding_ratio", row.change_funding_ratio}}},
          {"asset_shocks", assets},
          {"rate_shocks", rates}};
}

Json rate_row(const RateRow& row, const Results& results) {
  return {{"time", row.time},
          {"short_rate", distribution(row.short_rate, results)},
          {"ten_year_rate", distribution(row.ten_year_rate, results)},
          {"slope", distribution(row.slope, results)},
          {"negative_share", row.negative_share}};
}

Json summary(const Results& results) {
  Json all;
  all["study"] = {{"name", results.study_name},
                  {"seed", results.seed},
                  {"scenarios", results.scenarios},
                  {"optimise_scenarios", results.optimise_scenarios},
                  {"valuation_date", results.valuation_date.empty() ? Json(nullptr) : Json(results.valuation_date)},
                  {"format_version", std::to_string(kResultsFormatVersion)}};
  all["liability"] = results.liability ? liability(*results.liability, results) : Json(nullptr);
  all["liabilities"] = list_of(results.liabilities, [&](const auto& one) { return liability(one, results); });
  all["balance"] = results.balance ? balance(*results.balance) : Json(nullptr);
  all["portfolio"] = portfolio(results.portfolio, results);
  all["current"] = portfolio(results.current, results);
  all["risk"] = list_of(results.risk, risk_row);
  all["contributions"] =
      list_of(results.contributions, [&](const auto& row) { return contribution_row(row, results); });
  all["optimizer"] = results.optimizer ? optimizer(*results.optimizer, results) : Json(nullptr);
  all["fresh_scenarios"] = nullptr;
  if (results.optimizer && !results.own_scenarios) {
    all["fresh_scenarios"] = {{"value", results.optimizer->fresh.value},
                              {"standard_error", results.optimizer->fresh.standard_error},
                              {"optimism", results.optimizer->optimism},
                              {"scenarios", results.scenarios}};
  }
  auto projection = [&](const ProjectionRow& row) { return projection_row(row, results); };
  bool optimal = results.portfolio.has_value();
  all["projection"] = list_of(optimal ? results.projection : results.projection_current, projection);
  all["projection_current"] = list_of(results.projection_current, projection);
  all["rates"] = list_of(results.rates, [&](const RateRow& row) { return rate_row(row, results); });
  all["frontier"] =
      list_of(results.frontier, [&](const FrontierPoint& point) { return frontier_point(point, results); });
  all["stress"] = list_of(results.stress, [&](const StressRow& row) { return stress_row(row, results); });
  all["history_years"] = or_null(results.history_years);
  all["notes"] = results.notes;
  return all;
}

// Names come from the user's files; bytes that are no UTF-8 are replaced rather than making the file unreadable.
std::string text(const Json& all) { return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

std::string summary_json(const Results& results) {
  Json all = summary(results);
  if (results.optimizer) all["optimizer"]["seconds"] = results.optimizer->seconds;
  all["run"] = {{"seconds", results.seconds},
                {"threads", results.threads},
                {"peak_memory_bytes", results.peak_memory_bytes},
                {"ballast_version", ballast_version()},
                {"git_sha", git_sha()}};
  return text(all);
}

std::string reproducible_summary_json(const Results& results) { return text(summary(results)); }

}  // namespace ballast
