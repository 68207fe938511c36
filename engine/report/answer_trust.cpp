#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/answer_builders.h"
#include "engine/report/html.h"

namespace ballast {
namespace {

double json_number(const nlohmann::ordered_json& object, const char* key) {
  auto at = object.find(key);
  return at != object.end() && at->is_number() ? at->get<double>() : std::nan("");
}

/// A part of summary.json, or null where the study has none.
const nlohmann::ordered_json* part_of(const ReportData& data, const char* key) {
  auto at = data.summary.find(key);
  return at != data.summary.end() && at->is_object() ? &*at : nullptr;
}

/// Measures of a loss are shares of the assets; a variance or a Sharpe ratio is a plain number.
std::string objective_value(double value, const std::string& objective) {
  if (objective.find("cvar") == std::string::npos) return fmt::format("{:.6g}", value);
  return html::percent(value, 3);
}

std::string proof(const nlohmann::ordered_json& optimizer) {
  const std::string status = optimizer.value("status", "");
  const double gap = json_number(optimizer, "relative_gap");
  const auto scenarios = std::uint64_t(std::max(0.0, json_number(optimizer, "scenarios")));
  if (!std::isfinite(json_number(optimizer, "lower_bound"))) {
    return fmt::format("Optimum: without proof ({}); other weights may do better on the {} scenarios of the fit.",
                       status, count(scenarios));
  }
  return fmt::format(
      "Optimum: proven. On the {} scenarios of the fit no allowed weights do better by more than {:.0e} of the "
      "value{}.",
      count(scenarios), std::max(gap, 1e-16), status == "optimal" ? "" : " (" + html::words(status) + ")");
}

/// worst_case: the value is that of the worst of several sets, of which the fresh scenarios continue one.
std::string optimism_of(const nlohmann::ordered_json& optimizer, const nlohmann::ordered_json& fresh, bool worst_case) {
  const std::string objective = optimizer.value("objective", "");
  auto shown = [&](double value) { return objective_value(value, objective); };
  const double value = json_number(fresh, "value"), error = json_number(fresh, "standard_error");
  const double optimism = json_number(fresh, "optimism");
  std::string text = fmt::format(
      "{} of the {} loss: {} on the {} of the fit, {} ± {} on {} fresh ones{}", html::words(objective),
      optimizer.value("loss", ""), shown(json_number(optimizer, "value")), worst_case ? "worst scenarios" : "scenarios",
      shown(value), shown(error), count(std::uint64_t(std::max(0.0, json_number(fresh, "scenarios")))),
      worst_case ? " of the study's own" : "");
  if (std::isfinite(optimism) && std::isfinite(error) && error > 0) {
    text += fmt::format(", {:.1f} standard errors {}", std::abs(optimism) / error, optimism > 0 ? "worse" : "better");
  }
  return text + ".";
}

}  // namespace

std::string how_sure(const ReportData& data) {
  std::vector<std::string> said;
  if (const auto* optimizer = part_of(data, "optimizer")) {
    said.push_back(proof(*optimizer));
    const auto* fresh = part_of(data, "fresh_scenarios");
    said.push_back(fresh ? optimism_of(*optimizer, *fresh, data.table("worst_case") != nullptr)
                         : "Scenarios: your own. The risk is that of the scenarios that the weights were fitted to; on "
                           "others it is likely to be larger.");
  }
  if (const ResultTable* sets = data.table("worst_case")) {
    said.push_back(fmt::format("Worst case: of {} sets of scenarios '{}' is the worst, with a CVaR of {}.",
                               sets->rows(), sets->texts("set")[0],
                               html::number(sets->numbers("cvar")[0], units::initial_assets)));
  }
  if (const auto* validation = part_of(data, "validation")) {
    said.push_back(fmt::format("Scenarios: {} of {} statistics agree with history and theory.",
                               validation->at("passed").get<std::size_t>(), validation->at("rows").size()));
  }
  const double history = json_number(data.summary, "history_years");
  const ResultTable* risk = data.table("risk");
  if (std::isfinite(history) && risk) {
    const double tail = 1 - risk->numbers("confidence")[0];
    said.push_back(fmt::format(
        "History: {:.1f} years stand behind the model, about {:.1f} of them in the {} tail. Standard errors measure "
        "the number of scenarios, not how little history there is.",
        history, history * tail, tail_label(1 - tail)));
  }
  if (said.empty()) return "";
  std::string html = "<div class=\"sure\"><h3>How sure that is</h3>\n<ul>";
  for (const std::string& one : said) html += "<li>" + html::text(one) + "</li>";
  return html + "</ul></div>\n";
}

}  // namespace ballast
