#include "engine/report/report_answer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/html.h"

namespace ballast {
namespace {

/// More assets than this do not fit beside the other answers: the smallest are added up.
constexpr std::size_t kMostAssets = 12;

/// Portfolios in the order of the tables: the optimal one first.
std::vector<std::string> portfolios_of(const ResultTable& table) {
  std::vector<std::string> all;
  for (const std::string& name : table.texts("portfolio")) {
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  }
  return all;
}

double json_number(const nlohmann::ordered_json& object, const char* key) {
  auto at = object.find(key);
  return at != object.end() && at->is_number() ? at->get<double>() : std::nan("");
}

/// A part of summary.json, or null where the study has none.
const nlohmann::ordered_json* part_of(const ReportData& data, const char* key) {
  auto at = data.summary.find(key);
  return at != data.summary.end() && at->is_object() ? &*at : nullptr;
}

/// A table of a few rows: a name, and a cell for each portfolio.
class Answers {
 public:
  Answers(const std::string& caption, const std::vector<std::string>& portfolios, bool with_bars = false) {
    html_ =
        "<table><caption>" + html::text(caption) + "</caption><thead><tr><td></td>" + (with_bars ? "<td></td>" : "");
    for (const std::string& name : portfolios) {
      html_ += fmt::format("<th scope=\"col\" class=\"n\"><i class=\"{0}\"></i>{0}</th>", html::text(name));
    }
    html_ += "</tr></thead><tbody>\n";
  }

  /// cells: a value and what stands small beside it, for each portfolio; or below it, when that is long. before: cells
  /// of HTML in front of them.
  void row(const std::string& name, const std::vector<std::pair<std::string, std::string>>& cells,
           const std::string& before = "", const char* place = "beside") {
    html_ += "<tr><th scope=\"row\"><span>" + html::text(name) + "</span></th>" + before;
    for (const auto& [value, beside] : cells) {
      html_ += "<td class=\"n\"><b>" + html::text(value) + "</b>" +
               (beside.empty() ? "" : fmt::format(" <small class=\"{}\">{}</small>", place, html::text(beside))) +
               "</td>";
    }
    html_ += "</tr>\n";
  }

  std::string take() const { return html_ + "</tbody></table>\n"; }

 private:
  std::string html_;
};

std::string plus_minus(double error, std::string_view unit) {
  return std::isfinite(error) ? "± " + html::number(error, unit) : "";
}

// ---- what to hold ----

struct Holding {
  std::string asset;
  std::vector<double> weights;  ///< one a portfolio
  double size() const {
    double most = 0.0;
    for (double w : weights) most = std::max(most, std::abs(w));
    return most;
  }
};

/// The assets in the study's order; of many, the largest and the sum of the others.
std::vector<Holding> holdings(const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable& table = *data.table("weights");
  std::map<std::string, std::size_t> column;
  for (std::size_t p = 0; p < portfolios.size(); ++p) column[portfolios[p]] = p;
  std::map<std::string, std::size_t> row;
  std::vector<Holding> all;
  for (std::size_t k = 0; k < table.rows(); ++k) {
    const std::string& asset = table.texts("asset")[k];
    if (row.emplace(asset, all.size()).second) all.push_back({asset, std::vector<double>(portfolios.size(), 0.0)});
    all[row[asset]].weights[column[table.texts("portfolio")[k]]] = table.numbers("weight")[k];
  }
  if (all.size() <= kMostAssets) return all;
  std::vector<double> sizes;
  for (const Holding& one : all) sizes.push_back(one.size());
  std::nth_element(sizes.begin(), sizes.begin() + kMostAssets - 1, sizes.end(), std::greater<>());
  const double least = sizes[kMostAssets - 1];
  std::vector<Holding> shown;
  Holding others{"", std::vector<double>(portfolios.size(), 0.0)};
  for (Holding& one : all) {
    if (one.size() > least && shown.size() < kMostAssets - 1) {
      shown.push_back(std::move(one));
    } else {
      for (std::size_t p = 0; p < portfolios.size(); ++p) others.weights[p] += one.weights[p];
    }
  }
  others.asset = fmt::format("{} others", all.size() - shown.size());
  shown.push_back(others);
  return shown;
}

/// The weights as bars, for the eye: the numbers stand beside them.
std::string bars(const Holding& holding, const std::vector<std::string>& portfolios, double most) {
  std::string html = "<td class=\"bars\" aria-hidden=\"true\">";
  for (std::size_t p = 0; p < portfolios.size(); ++p) {
    const double share = most > 0 ? std::min(1.0, std::abs(holding.weights[p]) / most) : 0.0;
    html += fmt::format("<i class=\"{}{}\" style=\"width:{:.1f}%\"></i>", html::text(portfolios[p]),
                        holding.weights[p] < 0 ? " short" : "", 100 * share);
  }
  return html + "</td>";
}

std::string what_to_hold(const ReportData& data) {
  if (!data.table("weights")) return "";
  const std::vector<std::string> portfolios = portfolios_of(*data.table("weights"));
  const std::vector<Holding> all = holdings(data, portfolios);
  double most = 0.0;
  for (const Holding& one : all) most = std::max(most, one.size());
  Answers answers("Weights, shares of the assets", portfolios, true);
  for (const Holding& one : all) {
    std::vector<std::pair<std::string, std::string>> cells;
    for (double weight : one.weights) cells.emplace_back(html::number(weight, units::fraction), "");
    answers.row(one.asset, cells, bars(one, portfolios, most));
  }
  const bool optimal = portfolios[0] == "optimal";
  return fmt::format("<div><h3>{}</h3>\n", optimal ? "What to hold" : "What is held") + answers.take() + "</div>\n";
}

// ---- how bad it can get ----

/// A column and its standard error, for each portfolio; of: which loss, in the table of risks.
std::vector<std::pair<std::string, std::string>> estimates(const ResultTable& table,
                                                           const std::vector<std::string>& portfolios,
                                                           const std::string& column, const char* of = nullptr) {
  std::vector<std::pair<std::string, std::string>> cells;
  for (const std::string& portfolio : portfolios) {
    cells.emplace_back("–", "");
    for (std::size_t k = table.rows(); k-- > 0;) {
      if (table.texts("portfolio")[k] != portfolio || (of && table.texts("of")[k] != of)) continue;
      const std::string& unit = table.unit(column);
      cells.back() = {html::number(table.numbers(column)[k], unit),
                      plus_minus(table.numbers(column + "_standard_error")[k], unit)};
    }
  }
  return cells;
}

bool measures(const ResultTable* risk, const char* of) {
  return risk && std::find(risk->texts("of").begin(), risk->texts("of").end(), of) != risk->texts("of").end();
}

/// Probability of assets below liabilities at the last report time.
void add_shortfall(Answers& answers, const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable* table = data.table("distributions");
  if (!table) return;
  std::vector<std::pair<std::string, std::string>> cells(portfolios.size(), {"–", ""});
  double time = NAN;
  for (std::size_t k = 0; k < table->rows(); ++k) {
    if (table->texts("quantity")[k] != "shortfall_probability") continue;
    auto at = std::find(portfolios.begin(), portfolios.end(), table->texts("portfolio")[k]);
    const double value = table->numbers("value")[k];
    if (at == portfolios.end() || !std::isfinite(value)) continue;
    auto& [shown, error] = cells[std::size_t(at - portfolios.begin())];
    if (table->texts("statistic")[k] == "mean") shown = html::number(value, units::fraction);
    if (table->texts("statistic")[k] == "standard_error") error = plus_minus(value, units::fraction);
    time = table->numbers("time")[k];
  }
  if (std::isfinite(time)) answers.row(fmt::format("Probability of a deficit after {}", years(time)), cells);
}

/// The least funding ratio under the study's stresses, and which one it is.
void add_worst_stress(Answers& answers, const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable* table = data.table("stress");
  if (!table) return;
  std::vector<std::string> sought;  // a reverse stress ends where the study asked it to
  if (const ResultTable* reverse = data.table("reverse_stress")) sought = reverse->texts("stress");
  std::vector<std::pair<std::string, std::string>> cells;
  for (const std::string& portfolio : portfolios) {
    std::optional<std::size_t> worst;
    const std::vector<double>& ratio = table->numbers("funding_ratio");
    for (std::size_t k = 0; k < table->rows(); ++k) {
      const std::string& name = table->texts("stress")[k];
      const bool reverse = std::find(sought.begin(), sought.end(), name) != sought.end();
      if (table->texts("portfolio")[k] != portfolio || name == "base" || reverse || !std::isfinite(ratio[k])) continue;
      if (!worst || ratio[k] < ratio[*worst]) worst = k;
    }
    if (!worst) return;
    cells.emplace_back(html::number(ratio[*worst], units::fraction), table->texts("stress")[*worst]);
  }
  answers.row("Funding ratio after the worst stress", cells, "", "below");
}

std::string how_bad(const ReportData& data) {
  const ResultTable* portfolios = data.table("portfolios");
  const ResultTable* risk = data.table("risk");
  if (!portfolios) return "";
  const std::vector<std::string> names = portfolios_of(*portfolios);
  Answers answers("Risk and return, with standard errors", names);
  if (risk) {
    const std::string tail = tail_label(risk->numbers("confidence")[0]);
    for (auto [of, what] : {std::pair{"surplus", "Deficit"}, {"return", "Loss of value"}}) {
      if (!measures(risk, of)) continue;
      answers.row(fmt::format("{}, mean of the worst {} (CVaR)", what, tail), estimates(*risk, names, "cvar", of));
      answers.row(fmt::format("{}, exceeded in {} (VaR)", what, tail), estimates(*risk, names, "var", of));
    }
  }
  add_shortfall(answers, data, names);
  add_worst_stress(answers, data, names);
  answers.row("Expected return", estimates(*portfolios, names, "expected_return"));
  answers.row("Volatility", estimates(*portfolios, names, "volatility"));
  if (std::isfinite(portfolios->numbers("sharpe")[0])) {
    answers.row("Sharpe ratio", estimates(*portfolios, names, "sharpe"));
  }
  const double horizon = portfolios->numbers("horizon_years")[0];
  std::string note = fmt::format("Over {}, in shares of the assets now; ± is one standard error.",
                                 std::isfinite(horizon) ? years(horizon) : "the horizon");
  if (measures(risk, "surplus")) note += " Deficit: liabilities less assets (loss of surplus); below 0 a surplus.";
  return "<div><h3>How bad it can get</h3>\n" + answers.take() + "<p class=\"note\">" + html::text(note) +
         "</p></div>\n";
}

// ---- how sure that is ----

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

// ---- in one sentence ----

/// The mean of the tail of the loss that matters most: of surplus where there are liabilities.
std::string sentence(const ReportData& data) {
  const ResultTable* risk = data.table("risk");
  if (!risk || risk->rows() == 0) return "";
  const bool surplus = measures(risk, "surplus");
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < risk->rows(); ++k) {
    if (risk->texts("of")[k] == (surplus ? "surplus" : "return")) rows.push_back(k);
  }
  const std::vector<double>& cvar = risk->numbers("cvar");
  auto share = [&](std::size_t k) { return html::number(std::abs(cvar[k]), units::fraction); };
  auto ends = [&](std::size_t k) {
    if (!surplus) return (cvar[k] < 0 ? "gain " : "lose ") + share(k);
    return fmt::format("end {} the liabilities by {} of today's assets", cvar[k] < 0 ? "above" : "short of", share(k));
  };
  const double horizon = risk->numbers("horizon_years")[rows[0]];
  const double error = risk->numbers("cvar_standard_error")[rows[0]];
  std::string text = fmt::format("In the worst {} of scenarios{}, assets with the {} weights {} on average",
                                 tail_label(risk->numbers("confidence")[rows[0]]),
                                 std::isfinite(horizon) ? " over " + years(horizon) : "",
                                 risk->texts("portfolio")[rows[0]], ends(rows[0]));
  if (std::isfinite(error)) text += " (" + plus_minus(error, units::fraction) + ")";
  if (rows.size() > 1 && risk->texts("portfolio")[rows[1]] != risk->texts("portfolio")[rows[0]]) {
    const bool alike = surplus && (cvar[rows[0]] < 0) == (cvar[rows[1]] < 0);
    text += fmt::format("; with the {} weights {}", risk->texts("portfolio")[rows[1]],
                        alike ? "by " + share(rows[1]) : "they " + ends(rows[1]));
  }
  return "<p class=\"answer\">" + html::text(text) + ".</p>\n";
}

}  // namespace

std::string answer_html(const ReportData& data) {
  const std::string hold = what_to_hold(data), bad = how_bad(data), sure = how_sure(data);
  if (hold.empty() && bad.empty()) return "";
  return sentence(data) + "<div class=\"answers\">\n" + hold + bad + sure + "</div>\n";
}

}  // namespace ballast
