#include "engine/report/report_data.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_provenance.h"
#include "engine/output/shard.h"
#include "engine/output/text_table.h"
#include "engine/report/report_losses.h"
#include "engine/report/report_sample.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

Json parsed_summary(const hdf5::File& file) {
  try {
    return Json::parse(file.text_attribute("summary"));
  } catch (const Json::exception&) {
    Problem problem;
    problem.file = file.path();
    problem.message = "its summary is no JSON (the file was changed or damaged)";
    throw InputError(std::move(problem));
  }
}

/// values(time, quantile) as one list a quantile.
Json by_quantile(const std::vector<double>& values, std::size_t times, std::size_t levels) {
  Json all = Json::array();
  for (std::size_t q = 0; q < levels; ++q) {
    Json one = Json::array();
    for (std::size_t t = 0; t < times; ++t) one.push_back(values[t * levels + q]);
    all.push_back(one);
  }
  return all;
}

/// The fans of one group: funding_ratio, surplus, ... by quantile.
Json fans(const hdf5::Group& group, std::size_t times, std::size_t levels) {
  Json all = Json::object();
  for (const char* quantity : {"funding_ratio", "surplus", "assets_value", "liability_pv", "liability_duration"}) {
    std::string name = std::string(quantity) + "_quantile";
    if (!group.contains(name)) continue;
    std::vector<double> values = group.open_dataset(name).read_doubles();
    if (values.size() == times * levels) all[quantity] = by_quantile(values, times, levels);
  }
  return all;
}

/// Quantiles of zero_rate at each report time and tenor, where the study wrote it: of its first scenarios.
Json curve_fan(const hdf5::File& file, const Json& quantiles) {
  constexpr std::uint64_t most = 5000;
  if (!file.contains("zero_rate") || quantiles.empty()) return nullptr;
  hdf5::Dataset dataset = file.open_dataset("zero_rate");
  std::vector<std::uint64_t> shape = dataset.shape();
  if (shape.size() != 3 || shape[0] == 0) return nullptr;
  const std::uint64_t scenarios = std::min(shape[0], most);
  const std::size_t times = shape[1], tenors = shape[2], levels = quantiles.size();
  std::vector<double> rates = dataset.read_rows(0, scenarios), sorted(scenarios);
  Json by_time = Json::array();
  for (std::size_t t = 0; t < times; ++t) {
    std::vector<double> values(tenors * levels);
    for (std::size_t k = 0; k < tenors; ++k) {
      for (std::uint64_t s = 0; s < scenarios; ++s) sorted[s] = rates[(s * times + t) * tenors + k];
      std::sort(sorted.begin(), sorted.end());
      for (std::size_t q = 0; q < levels; ++q) {
        double place = std::ceil(quantiles[q].get<double>() * double(scenarios) - 1e-9) - 1;
        values[k * levels + q] = sorted[std::size_t(std::clamp(place, 0.0, double(scenarios - 1)))];
      }
    }
    by_time.push_back(by_quantile(values, tenors, levels));
  }
  return {{"scenarios", scenarios}, {"tenors", file.open_dataset("tenor").read_doubles()}, {"by_time", by_time}};
}

/// Lines of the study's section `balance` that a change of weights and funding ratio leaves as they are.
Json other_balance_lines(const std::string& resolved_config) {
  Json kept = Json::array();
  bool inside = false, keep = false;
  std::istringstream lines(resolved_config);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != ' ') {
      inside = line.starts_with("balance:");
      continue;
    }
    const bool own_key = line.size() > 2 && line[2] != ' ';
    if (own_key) keep = true;
    for (const char* changed : {"  current:", "  funding_ratio:", "  assets:"}) {
      if (line.starts_with(changed)) keep = false;
    }
    if (inside && keep) kept.push_back(line);
  }
  return kept;
}

/// A table as one list a column. Long ones that the charts do not use stay out.
Json columns_of(const ResultTable& table) {
  Json all = Json::object();
  for (const hdf5::TableColumn& column : table.columns) {
    std::visit([&](const auto& values) { all[column.name] = values; }, column.values);
  }
  return all;
}

/// Rows of `distributions` of one quantity and statistic, by portfolio.
Json series_of(const ResultTable& table, const std::string& quantity, const std::string& statistic) {
  Json all = Json::object();
  for (std::size_t k = 0; k < table.rows(); ++k) {
    if (table.texts("quantity")[k] != quantity || table.texts("statistic")[k] != statistic) continue;
    const std::string& portfolio = table.texts("portfolio")[k];
    all[portfolio.empty() ? "all" : portfolio].push_back(table.numbers("value")[k]);
  }
  return all;
}

/// Rates, spreads and prices: what is distributed alike whatever the portfolio.
std::set<std::string> market_quantities(const ResultTable& table) {
  std::set<std::string> found;
  for (const std::string& quantity : table.texts("quantity")) {
    const bool wanted = quantity == "short_rate" || quantity == "ten_year_rate" || quantity == "price_index" ||
                        quantity.starts_with("credit_spread.");
    if (wanted) found.insert(quantity);
  }
  return found;
}

void add_provenance(const hdf5::File& file, ReportData& data) {
  auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) data.provenance.emplace_back(label, value);
  };
  add("Study", data.study);
  add("Valuation date", data.valuation_date);
  add("Seed", fmt::format("{}", file.uint64_attribute("seed")));
  const Json& study = data.summary.at("study");
  if (study.value("scenarios", 0) > 0) add("Fresh scenarios", count(study.at("scenarios").get<std::uint64_t>()));
  if (study.value("optimise_scenarios", 0) > 0) {
    add("Scenarios of the fit", count(study.at("optimise_scenarios").get<std::uint64_t>()));
  }
  add("Program", "ballast " + file.text_attribute("ballast_version") + ", commit " + file.text_attribute("git_sha"));
  add("Results format", file.text_attribute("format_version"));
  add("SHA-256 of the resolved study", file.text_attribute("resolved_config_sha256"));
  if (!file.contains("inputs")) return;
  hdf5::Group inputs = file.open_group("inputs");
  for (const std::string& member : inputs.members()) {
    hdf5::Dataset input = inputs.open_dataset(member);
    data.inputs.emplace_back(input.text_attribute("name"), input.text_attribute("sha256"));
  }
}

}  // namespace

ReportData read_report_data(const std::string& results_file, const std::string& shown_path) {
  hdf5::File file = open_results(results_file);
  refuse_shard(file);
  ReportData data;
  data.path = shown_path;
  data.study = file.text_attribute("study");
  data.valuation_date = file.text_attribute("valuation_date");
  data.summary = parsed_summary(file);
  data.tables = read_tables(file);
  if (file.contains("asset")) data.asset_names = file.open_dataset("asset").read_texts();
  add_provenance(file, data);

  Json& charts = data.charts;
  charts["assets"] = data.asset_names;
  charts["quantiles"] = file.contains("quantile") ? Json(file.open_dataset("quantile").read_doubles()) : Json::array();
  charts["times"] = file.contains("time") ? Json(file.open_dataset("time").read_doubles()) : Json::array();
  const std::size_t times = charts["times"].size(), levels = charts["quantiles"].size();
  if (times > 0) {
    bool optimal = file.contains("weights");
    charts["fans"][optimal ? "optimal" : "current"] = fans(file, times, levels);
    for (const char* portfolio : {"current", "policy"}) {
      if (file.contains(portfolio)) charts["fans"][portfolio] = fans(file.open_group(portfolio), times, levels);
    }
  }
  charts["curve_fan"] = curve_fan(file, charts["quantiles"]);
  for (const ResultTable& table : data.tables) {
    if (table.name != "distributions") charts["tables"][table.name] = columns_of(table);
  }
  if (const ResultTable* table = data.table("distributions")) {
    for (const char* statistic : {"mean", "standard_error"}) {
      charts["shortfall_probability"][statistic] = series_of(*table, "shortfall_probability", statistic);
    }
    for (const std::string& quantity : market_quantities(*table)) {
      Json fan = Json::array();
      for (const Json& q : charts["quantiles"]) {
        Json series = series_of(*table, quantity, quantile_label(q.get<double>()));
        if (series.contains("all")) fan.push_back(series["all"]);
      }
      if (!fan.empty()) charts["fans"]["all"][quantity] = fan;
    }
  }
  double confidence = 0.95;
  if (const ResultTable* risk = data.table("risk")) confidence = risk->numbers("confidence").at(0);
  const Json& study = data.summary.at("study");
  bool own = study.value("scenarios", 0) > 0 && data.summary.at("projection").empty() && times == 0;
  StoredHorizon horizon = read_horizon(file, kPageScenarios, own);
  if (auto validation = data.summary.find("validation"); validation != data.summary.end() && validation->is_object()) {
    charts["critical_z"] = validation->at("critical_z");
  }
  charts["losses"] = loss_distributions(horizon, data.tables, confidence);
  charts["what_if"] = horizon.scenarios > 0 && data.table("weights")
                          ? what_if_data(horizon, data.asset_names, data.tables, confidence)
                          : Json(nullptr);
  if (charts["what_if"].is_object()) {
    charts["what_if"]["balance"] = other_balance_lines(file.text_attribute("resolved_config"));
    charts["what_if"]["with_balance"] = data.table("balance") != nullptr;
    if (const ResultTable* held = data.table("portfolios")) {
      charts["what_if"]["horizon_years"] = held->numbers("horizon_years").at(0);
    }
  }
  return data;
}

}  // namespace ballast
