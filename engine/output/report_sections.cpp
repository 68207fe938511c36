#include "engine/output/report_sections.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/output/html.h"
#include "engine/output/labels.h"
#include "engine/output/report_headline.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"

namespace ballast {
namespace {

using html::Column;
using Titles = std::vector<std::pair<std::string, std::string>>;

/// Puts sections together: figures only when there is a script to draw them, tables folded away then.
class SectionWriter {
 public:
  SectionWriter(const ReportData& data, bool with_charts) : data_(data), with_charts_(with_charts) {}

  const ReportData& data() const { return data_; }

  std::string figure(const char* chart, const std::string& title, const std::string& note = "",
                     const char* size = "") const {
    if (!with_charts_) return "";
    return fmt::format(
        "<figure class=\"{3}\"><figcaption>{0}{1}</figcaption><div class=\"legend\"></div><div class=\"chart\" "
        "data-chart=\"{2}\" role=\"img\" tabindex=\"0\" aria-label=\"{0}. The numbers are in the section's tables.\">"
        "</div></figure>\n",
        html::text(title), note.empty() ? "" : "<small>" + html::text(note) + "</small>", chart, size);
  }
  std::string figures(const std::string& all) const {
    return all.empty() ? "" : "<div class=\"figures\">\n" + all + "</div>\n";
  }
  std::string table(const std::string& title, const std::vector<Column>& columns) const {
    if (columns.empty() || columns[0].cells.empty()) return "";
    return fmt::format("<details{}><summary>{}</summary>{}</details>\n", with_charts_ ? "" : " open", html::text(title),
                       html::table(title, columns));
  }
  std::string table(const char* name, const std::string& title, const Titles& titles) const {
    const ResultTable* stored = data_.table(name);
    return stored ? table(title, html::columns(*stored, titles)) : "";
  }

 private:
  const ReportData& data_;
  bool with_charts_;
};

/// Rows of `distributions` of one quantity and portfolio: a line a time, a column a statistic.
std::vector<Column> distribution(const ReportData& data, const std::string& quantity, const std::string& portfolio,
                                 std::string_view unit) {
  const ResultTable* table = data.table("distributions");
  if (!table) return {};
  Column times{"Time (years)", {}, true};
  std::vector<Column> statistics;
  for (std::size_t k = 0; k < table->rows(); ++k) {
    if (table->texts("quantity")[k] != quantity || table->texts("portfolio")[k] != portfolio) continue;
    const std::string& statistic = table->texts("statistic")[k];
    std::string time = fmt::format("{:g}", table->numbers("time")[k]);
    if (times.cells.empty() || times.cells.back() != time) times.cells.push_back(time);
    auto at = std::find_if(statistics.begin(), statistics.end(), [&](const Column& c) { return c.title == statistic; });
    if (at == statistics.end()) at = statistics.insert(at, {statistic, {}, true});
    at->cells.push_back(html::number(table->numbers("value")[k], unit));
  }
  std::vector<Column> all{times};
  for (Column& column : statistics) {
    if (column.title == "standard_error") column.title = "standard error of the mean";
    all.push_back(std::move(column));
  }
  return all;
}

/// A table of (row key, column key, value) as a matrix.
std::vector<Column> matrix(const ResultTable& table, const char* row, const char* column, const char* value,
                           const std::string& row_title) {
  Column rows{row_title, {}, false};
  std::vector<Column> all;
  std::map<std::string, std::size_t> row_of, column_of;
  const bool numbered = std::holds_alternative<std::vector<std::int64_t>>(table.columns[0].values);
  for (std::size_t k = 0; k < table.rows(); ++k) {
    std::string key = numbered ? std::to_string(table.integers(row)[k]) : table.texts(row)[k];
    if (row_of.emplace(key, rows.cells.size()).second) rows.cells.push_back(key);
    if (column_of.emplace(table.texts(column)[k], all.size()).second) all.push_back({table.texts(column)[k], {}, true});
  }
  for (Column& one : all) one.cells.resize(rows.cells.size());
  for (std::size_t k = 0; k < table.rows(); ++k) {
    std::string key = numbered ? std::to_string(table.integers(row)[k]) : table.texts(row)[k];
    all[column_of[table.texts(column)[k]]].cells[row_of[key]] =
        html::number(table.numbers(value)[k], table.unit(value));
  }
  all.insert(all.begin(), rows);
  return all;
}

std::string balance_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string html, figures;
  bool liabilities = d.table("liabilities") != nullptr;
  if (!d.charts.contains("fans")) return "";
  if (liabilities) {
    figures += w.figure("funding_ratio", "Funding ratio", "assets over liabilities, quantiles over scenarios", "wide");
    figures += w.figure("shortfall", "Probability of shortfall", "share of scenarios with assets below liabilities");
    figures += w.figure("surplus", "Surplus", "assets less liabilities");
    figures += w.figure("liability_pv", "Present value of the liabilities", "of the payments still due");
  }
  figures += w.figure("assets_value", "Value of the assets", "after the payments then due");
  html += w.figures(figures);
  for (const char* portfolio : {"optimal", "current"}) {
    std::string of = fmt::format(" ({} weights)", portfolio);
    html += w.table("Funding ratio" + of, distribution(d, "funding_ratio", portfolio, units::fraction));
    html +=
        w.table("Probability of shortfall" + of, distribution(d, "shortfall_probability", portfolio, units::fraction));
    html += w.table("Surplus" + of, distribution(d, "surplus", portfolio, units::currency));
    html += w.table("Assets" + of, distribution(d, "assets", portfolio, units::currency));
  }
  html += w.table("Present value of the liabilities", distribution(d, "liability_pv", "", units::currency));
  html += w.table("Macaulay duration of the liabilities", distribution(d, "liability_duration", "", units::years));
  return html;
}

std::string cash_flow_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  if (!d.table("cash_flows")) return "";
  return w.figures(
             w.figure("cash_flows", "Cash flows by year", "before the scenarios: as they are due today", "wide")) +
         w.table("liabilities", "Liabilities at the valuation date",
                 {{"liability", "Liability"},
                  {"pv", "Present value"},
                  {"macaulay_duration", "Macaulay duration (years)"},
                  {"modified_duration", "Modified duration (years)"},
                  {"convexity", "Convexity (years²)"}});
}

/// A line an asset, and the liabilities; a column a portfolio and loss.
std::vector<Column> contribution_columns(const ReportData& data) {
  std::vector<Column> all{{"Part", data.asset_names, false}};
  all[0].cells.push_back("liabilities");
  for (const auto& loss : data.charts.at("losses")) {
    Column column{loss.at("of").get<std::string>() + ", " + loss.at("portfolio").get<std::string>(), {}, true};
    const auto& parts = loss.at("contributions");
    for (const auto& part : parts.at("assets"))
      column.cells.push_back(html::number(part.get<double>(), units::fraction));
    const auto& liabilities = parts.at("liabilities");
    column.cells.push_back(liabilities.is_null() ? "–" : html::number(liabilities.get<double>(), units::fraction));
    all.push_back(std::move(column));
  }
  return all.size() > 1 ? all : std::vector<Column>{};
}

std::string risk_section(const SectionWriter& w) {
  if (!w.data().table("risk")) return "";
  std::string figures;
  if (w.data().charts.at("losses").size() > 0) {
    if (w.data().table("liabilities") || w.data().charts.at("losses")[0].at("of") == "surplus") {
      figures += w.figure("loss_surplus", "Loss of surplus over the risk horizon", "fraction of initial assets");
    }
    figures += w.figure("loss_return", "Loss of return over the risk horizon", "fraction of initial assets");
  }
  if (w.data().charts.at("losses").size() > 0) {
    figures += w.figure("contributions", "Contributions to CVaR", "mean loss in the tail; they add up to the CVaR");
  }
  std::string html = w.figures(figures);
  html += w.table("risk", "Value-at-risk and conditional value-at-risk (losses, positive when bad)",
                  {{"of", "Of"},
                   {"portfolio", "Portfolio"},
                   {"horizon_years", "Horizon (years)"},
                   {"confidence", "Confidence"},
                   {"sample", "Scenarios"},
                   {"var", "VaR"},
                   {"var_standard_error", "± standard error"},
                   {"cvar", "CVaR"},
                   {"cvar_standard_error", "± standard error"}});
  html += w.table("portfolios", "Return over the risk horizon",
                  {{"portfolio", "Portfolio"},
                   {"expected_return", "Expected return"},
                   {"expected_return_standard_error", "± standard error"},
                   {"volatility", "Volatility"},
                   {"volatility_standard_error", "± standard error"},
                   {"sharpe", "Sharpe ratio"},
                   {"sharpe_standard_error", "± standard error"}});
  html += w.table("Contributions to CVaR", contribution_columns(w.data()));
  return html;
}

std::string weights_section(const SectionWriter& w) {
  const ResultTable* weights = w.data().table("weights");
  if (!weights) return "";
  std::string figures = w.figure("weights", "Weights", "share of the assets");
  if (w.data().table("frontier")) {
    figures += w.figure("frontier", "Efficient frontier", "expected return against CVaR, each point certified");
    figures +=
        w.figure("frontier_weights", "Weights along the frontier", "from the least CVaR to the largest return", "wide");
  }
  std::string html = w.figures(figures) + w.table("Weights", matrix(*weights, "asset", "portfolio", "weight", "Asset"));
  html += w.table("frontier", "Efficient frontier",
                  {{"point", "Point"},
                   {"expected_return", "Expected return"},
                   {"cvar", "CVaR in sample"},
                   {"lower_bound", "Proven lower bound"},
                   {"fresh_cvar", "CVaR on fresh scenarios"},
                   {"fresh_cvar_standard_error", "± standard error"},
                   {"status", "Status"}});
  if (const ResultTable* along = w.data().table("frontier_weights")) {
    html += w.table("Weights along the frontier", matrix(*along, "point", "asset", "weight", "Point"));
  }
  return html;
}

std::string what_if_section(const SectionWriter& w, bool with_charts) {
  if (!with_charts || w.data().charts.at("what_if").is_null()) return "";
  return "<div id=\"what-if-panel\"></div>\n";
}

std::string rates_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string figures, html;
  const ResultTable* key_rates = d.table("key_rates");
  if (key_rates) {
    figures += w.figure("key_rates", "Key-rate durations", "in years of the present value of the assets", "");
    html += w.table("key_rates", "Key-rate durations",
                    {{"liability", "Liability"}, {"key_rate", "Key rate (years)"}, {"duration", "Duration (years)"}});
  }
  html += w.table("asset_key_rates", "Key-rate durations of the assets, and the gap",
                  {{"key_rate", "Key rate (years)"}, {"duration", "Duration (years)"}, {"dv01_gap", "DV01 gap"}});
  if (d.charts.contains("fans") && d.charts.at("fans").contains("all")) {
    figures += w.figure("short_rate", "Short rate", "continuous, quantiles over scenarios");
    figures += w.figure("ten_year_rate", "Ten-year rate", "continuous zero rate, quantiles over scenarios");
  }
  if (!d.charts.at("curve_fan").is_null()) {
    figures += w.figure("curve_fan", "Yield curve", "continuous zero rates, quantiles over scenarios");
  }
  for (auto [quantity, title] : {std::pair{"short_rate", "Short rate"},
                                 {"ten_year_rate", "Ten-year rate"},
                                 {"slope", "Slope (ten-year less short rate)"}}) {
    html += w.table(title, distribution(d, quantity, "", units::rate));
  }
  return w.figures(figures) + html;
}

std::string stress_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  const ResultTable* stress = d.table("stress");
  if (!stress) return "";
  std::string figures = w.figure("tornado", "Change of surplus", "by stress, the worst first");
  if (d.table("stress_assets")) {
    figures += w.figure("stress_heat", "Sudden returns", "of each asset and of the liabilities under each stress");
  }
  if (d.table("stress_grid")) figures += w.figure("stress_grid", "Two stresses at once", "funding ratio", "wide");
  std::string html = w.figures(figures);
  html += w.table("stress", "Balance sheet under stress",
                  {{"stress", "Stress"},
                   {"portfolio", "Portfolio"},
                   {"assets", "Assets"},
                   {"liability_pv", "Liability PV"},
                   {"liability_duration", "Duration (years)"},
                   {"surplus", "Surplus"},
                   {"funding_ratio", "Funding ratio"},
                   {"change_surplus", "Change of surplus"},
                   {"change_funding_ratio", "Change of funding ratio"}});
  html += w.table("stress_grid", "Two stresses at once",
                  {{"grid", "Grid"},
                   {"portfolio", "Portfolio"},
                   {"asset_return", "Return of the assets that move"},
                   {"parallel_shift", "Shift of rates"},
                   {"funding_ratio", "Funding ratio"},
                   {"surplus", "Surplus"}});
  html += w.table("capital", "Capital",
                  {{"family", "Stresses"},
                   {"portfolio", "Portfolio"},
                   {"rule", "Rule"},
                   {"capital", "Capital"},
                   {"available", "Surplus available"}});
  if (const ResultTable* assets = d.table("stress_assets")) {
    html += w.table("Sudden return of each asset", matrix(*assets, "stress", "asset", "change", "Stress"));
  }
  return html;
}

std::string trust_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string figures, html;
  if (d.charts.at("losses").size() > 0) {
    figures += w.figure("convergence", "CVaR as scenarios are added", "with a band of two standard errors");
  }
  if (d.table("validation")) {
    figures += w.figure("validation", "Scenarios against history", "difference over its standard error (z)");
    html += w.table("validation", "Scenarios against history and theory",
                    {{"of", "Of"},
                     {"statistic", "Statistic"},
                     {"reference", "Reference"},
                     {"reference_error", "± its sampling error"},
                     {"scenarios", "Scenarios"},
                     {"scenarios_standard_error", "± standard error"},
                     {"z", "z"}});
  }
  if (auto years = d.summary.find("history_years"); years != d.summary.end() && years->is_number()) {
    html += fmt::format(
        "<p>The model rests on {:.1f} years of history. Standard errors measure the number of scenarios, not how "
        "little "
        "history there is.</p>\n",
        years->get<double>());
  }
  return w.figures(figures) + html;
}

std::string provenance_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string html = "<dl class=\"facts\">";
  for (const auto& [label, value] : d.provenance) {
    html += "<dt>" + html::text(label) + "</dt><dd>" + html::text(value) + "</dd>";
  }
  html += "</dl>\n";
  Column name{"Input", {}, false}, hash{"SHA-256", {}, false};
  for (const auto& [input, sha256] : d.inputs) {
    name.cells.push_back(input);
    hash.cells.push_back(sha256);
  }
  html += w.table("Input files", {name, hash});
  if (auto notes = d.summary.find("notes"); notes != d.summary.end() && !notes->empty()) {
    html += "<h3>Notes</h3><ul>";
    for (const auto& note : *notes) html += "<li>" + html::text(note.get<std::string>()) + "</li>";
    html += "</ul>\n";
  }
  std::string file = html::text(d.path);
  html +=
      "<h3>To compute these numbers again</h3>\n<dl class=\"facts\">"
      "<dt>One scenario, every step, from the file alone</dt><dd><code>ballast replay " +
      file +
      " --scenario 0</code></dd>"
      "<dt>The whole study</dt><dd><code>ballast run study.resolved.yaml</code></dd>"
      "<dt>This page</dt><dd><code>ballast report " +
      file +
      " -o report.html</code></dd>"
      "<dt>Tables for a spreadsheet</dt><dd><code>ballast export " +
      file + " --xlsx results.xlsx</code></dd></dl>\n";
  return html;
}

}  // namespace

std::vector<ReportSection> report_sections(const ReportData& data, bool with_charts) {
  SectionWriter w(data, with_charts);
  std::vector<ReportSection> all{
      {"headline", "Headline", headline_html(data)},
      {"weights", "Portfolio", weights_section(w)},
      {"what-if", "What if", what_if_section(w, with_charts)},
      {"balance", "Balance sheet over time", balance_section(w)},
      {"risk", "Risk", risk_section(w)},
      {"cash-flows", "Cash flows", cash_flow_section(w)},
      {"rates", "Interest rates", rates_section(w)},
      {"stress", "Stresses", stress_section(w)},
      {"trust", "How far to trust it", trust_section(w)},
      {"provenance", "Where it comes from", provenance_section(w)},
  };
  std::erase_if(all, [](const ReportSection& section) { return section.html.empty(); });
  return all;
}

}  // namespace ballast
