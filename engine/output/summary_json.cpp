#include "engine/output/summary_json.h"

#include "engine/output/json_values.h"
#include "engine/output/labels.h"
#include "engine/output/results_file.h"
#include "engine/output/stress_json.h"
#include "engine/output/version.h"

namespace ballast {
namespace {

Json liability(const LiabilityResult& one, const Results& results) {
  Json instruments = Json::object();
  for (std::size_t k = 0; k < one.instrument_changes.size(); ++k) {
    instruments[fmt::format("{}", results.instrument_tenors.at(k))] = one.instrument_changes[k];
  }
  return {{"name", one.name},
          {"pv", one.pv},
          {"macaulay_duration", one.macaulay_duration},
          {"modified_duration", one.modified_duration},
          {"convexity", one.convexity},
          {"effective_duration", one.effective_duration},
          {"dv01", one.dv01},
          {"inflation_duration", one.inflation_duration},
          {"compounding", results.compounding},
          {"key_rate_durations", by_tenor(one.key_rate_durations, results.key_rate_tenors)},
          {"instrument_sensitivities", instruments}};
}

Json asset(const AssetResult& one, const Results& results) {
  return {{"name", one.name},
          {"duration_source", one.duration_source},
          {"modified_duration", or_null(one.modified_duration)},
          {"convexity", or_null(one.convexity)},
          {"key_rate_durations", by_tenor(one.key_rate_durations, results.key_rate_tenors)}};
}

Json balance(const BalanceResult& sheet, const Results& results) {
  return {{"assets", sheet.assets},
          {"liability_pv", sheet.liability_pv},
          {"surplus", sheet.surplus},
          {"funding_ratio", sheet.funding_ratio},
          {"asset_duration", or_null(sheet.asset_duration)},
          {"duration_gap", or_null(sheet.duration_gap)},
          {"dv01_gap", or_null(sheet.dv01_gap)},
          {"asset_key_rate_durations", by_tenor(sheet.asset_key_rate_durations, results.key_rate_tenors)},
          {"key_rate_dv01_gap", by_tenor(sheet.key_rate_dv01_gap, results.key_rate_tenors)}};
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

Json optimizer(const OptimizerResult& found, const std::vector<std::string>& asset_names) {
  Json costs = Json::object(), prices = Json::array();
  for (std::size_t k = 0; k < found.reduced_costs.size(); ++k) {
    costs[asset_names.at(k)] = found.reduced_costs[k];
  }
  for (const PricedLimit& limit : found.shadow_prices) {
    prices.push_back({{"constraint", limit.constraint}, {"limit", limit.limit}, {"price", limit.price}});
  }
  Json sets = Json::array();
  for (const WorstCaseSet& set : found.worst_case) {
    sets.push_back({{"name", set.name},
                    {"scenarios", set.scenarios},
                    {"cvar", set.cvar.value},
                    {"standard_error", set.cvar.standard_error}});
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
          {"reduced_costs", costs},
          {"worst_case", sets}};
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
  const bool ratio = !row.funding_ratio.quantiles.empty();
  entry["shortfall_probability"] = ratio ? Json(row.shortfall_probability.value) : Json(nullptr);
  entry["shortfall_probability_standard_error"] =
      ratio ? Json(row.shortfall_probability.standard_error) : Json(nullptr);
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

Json policy(const PolicyResult& found, const Results& results) {
  Json periods = Json::array();
  for (std::size_t p = 0; p < found.weights.size(); ++p) {
    Json weights = Json::object();
    for (std::size_t k = 0; k < found.weights[p].size(); ++k) weights[results.asset_names.at(k)] = found.weights[p][k];
    periods.push_back({{"from_years", found.from_years[p]}, {"weights", weights}});
  }
  return {{"minimises", found.measure},
          {"status", "local"},
          {"horizon_years", found.horizon_years},
          {"periods", periods},
          {"value", found.value},
          {"first_order_residual", found.first_order_residual},
          {"start_values", found.start_values},
          {"evaluations", found.evaluations},
          {"scenarios", found.scenarios},
          {"fresh", {{"value", found.fresh.value}, {"standard_error", found.fresh.standard_error}}},
          {"optimism", found.optimism},
          {"projection",
           list_of(found.projection, [&](const ProjectionRow& row) { return projection_row(row, results); })}};
}

Json rate_row(const RateRow& row, const Results& results) {
  return {{"time", row.time},
          {"short_rate", distribution(row.short_rate, results)},
          {"ten_year_rate", distribution(row.ten_year_rate, results)},
          {"slope", distribution(row.slope, results)},
          {"negative_share", row.negative_share}};
}

/// One entry a quantity and time.
Json quantities(const std::vector<QuantityDistributions>& rows, const Results& results) {
  Json list = Json::array();
  for (const QuantityDistributions& row : rows) {
    for (std::size_t t = 0; t < row.at.size(); ++t) {
      list.push_back({{"quantity", row.quantity},
                      {"of", row.of},
                      {"time", results.times.at(t)},
                      {"distribution", distribution(row.at[t], results)}});
    }
  }
  return list;
}

Json views(const Results& results) {
  if (results.view_sets.empty()) return nullptr;
  return {{"views", list_of(results.views,
                            [](const ViewRow& row) {
                              return Json{{"sample", row.sample},         {"view", row.view},
                                          {"relation", row.relation},     {"target", row.target},
                                          {"confidence", row.confidence}, {"prior", row.prior},
                                          {"posterior", row.posterior}};
                            })},
          {"sets", list_of(results.view_sets, [](const ViewSet& set) {
             return Json{{"sample", set.sample},
                         {"scenarios", set.scenarios},
                         {"effective_by_entropy", set.effective_by_entropy},
                         {"effective_by_squares", set.effective_by_squares},
                         {"relative_entropy", set.relative_entropy},
                         {"largest_residual", set.largest_residual}};
           })}};
}

Json validation(const Validation& table) {
  if (table.rows.empty()) return nullptr;
  return {{"level", table.level},
          {"critical_z", table.critical_z},
          {"scenarios", table.scenarios},
          {"steps", table.steps},
          {"passed", table.passed()},
          {"rows", list_of(table.rows, [](const ValidationRow& row) {
             return Json{{"against", row.against},
                         {"of", row.of},
                         {"statistic", row.statistic},
                         {"reference", row.reference},
                         {"reference_error", row.reference_error},
                         {"scenarios", row.scenarios.value},
                         {"standard_error", row.scenarios.standard_error},
                         {"z", row.z},
                         {"pass", row.pass}};
           })}};
}

Json summary(const Results& results) {
  Json all;
  all["study"] = {{"name", results.study_name},
                  {"seed", results.seed},
                  {"scenarios", results.scenarios},
                  {"optimise_scenarios", results.optimise_scenarios},
                  {"valuation_date", results.valuation_date.empty() ? Json(nullptr) : Json(results.valuation_date)},
                  {"sampling", results.sampling},
                  {"replications", results.replications > 0 ? Json(results.replications) : Json(nullptr)},
                  {"format_version", std::to_string(kResultsFormatVersion)}};
  all["liability"] = results.liability ? liability(*results.liability, results) : Json(nullptr);
  all["liabilities"] = list_of(results.liabilities, [&](const auto& one) { return liability(one, results); });
  all["balance"] = results.balance ? balance(*results.balance, results) : Json(nullptr);
  all["portfolio"] = portfolio(results.portfolio, results);
  all["current"] = portfolio(results.current, results);
  all["risk"] = list_of(results.risk, risk_row);
  all["contributions"] =
      list_of(results.contributions, [&](const auto& row) { return contribution_row(row, results); });
  all["optimizer"] = results.optimizer ? optimizer(*results.optimizer, results.asset_names) : Json(nullptr);
  all["fresh_scenarios"] = nullptr;
  if (results.optimizer && !results.own_scenarios) {
    all["fresh_scenarios"] = {{"value", results.optimizer->fresh.value},
                              {"standard_error", results.optimizer->fresh.standard_error},
                              {"optimism", or_null(results.optimizer->optimism)},
                              {"scenarios", results.scenarios}};
  }
  auto projection = [&](const ProjectionRow& row) { return projection_row(row, results); };
  bool optimal = results.portfolio.has_value();
  all["projection"] = list_of(optimal ? results.projection : results.projection_current, projection);
  all["projection_current"] = list_of(results.projection_current, projection);
  all["rates"] = list_of(results.rates, [&](const RateRow& row) { return rate_row(row, results); });
  all["market_levels"] = quantities(results.market_levels, results);
  all["liability_measures"] = quantities(results.liability_measures, results);
  all["frontier"] =
      list_of(results.frontier, [&](const FrontierPoint& point) { return frontier_point(point, results); });
  all["policy"] = results.policy ? policy(*results.policy, results) : Json(nullptr);
  all["assets"] = list_of(results.assets, [&](const AssetResult& one) { return asset(one, results); });
  all["stress"] = list_of(results.stress, [&](const StressRow& row) { return stress_row(row, results); });
  all["capital"] = list_of(results.capital, capital_result);
  all["stress_grids"] = list_of(results.stress_grids, stress_grid);
  all["reverse_stress"] = list_of(results.reverse_stress, reverse_stress_result);
  all["views"] = views(results);
  all["validation"] = validation(results.validation);
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

std::string optimum_json(const OptimizerResult& found, const std::vector<std::string>& asset_names,
                         const std::vector<double>& weights) {
  Json all, held = Json::object();
  for (std::size_t k = 0; k < weights.size(); ++k) held[asset_names.at(k)] = weights[k];
  all["weights"] = held;
  all["optimizer"] = optimizer(found, asset_names);
  all["optimizer"]["seconds"] = found.seconds;
  return text(all);
}

std::string reproducible_summary_json(const Results& results) { return text(summary(results)); }

}  // namespace ballast
