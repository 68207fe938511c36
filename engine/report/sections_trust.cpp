#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/html.h"
#include "engine/report/report_section_builders.h"

namespace ballast {
namespace {

/// The commands that compute the page's numbers again, and where results.h5 holds them.
std::string reproduction(const ReportData& d) {
  const std::string file = d.path;
  struct Way {
    std::string what, held, command;
  };
  std::vector<Way> ways;
  const std::string replay = "ballast replay " + file + " --scenario ";
  for (const auto& loss : d.charts.at("losses")) {
    if (loss.at("portfolio") != d.charts.at("losses")[0].at("portfolio")) continue;
    const std::string of =
        loss.at("of").get<std::string>() + ", " + loss.at("portfolio").get<std::string>() + " weights";
    const auto& at = loss.at("replay");
    if (at.at("at_var").is_number()) {
      ways.push_back({"The scenario at VaR of " + of, "", replay + at.at("at_var").dump()});
    }
    ways.push_back({"The worst scenario of " + of, "", replay + at.at("worst").dump()});
  }
  if (d.table("risk")) {
    ways.push_back({"VaR, CVaR and contributions, from the scenarios", "asset_return, horizon_liability; tables/risk",
                    "scripts/analyse_results.py " + file});
  }
  if (d.table("distributions")) {
    ways.push_back({"Funding ratio, surplus and rates over time, by scenario",
                    "funding_ratio, surplus, assets_value, ...", "ballast export " + file + " --csv DIR --scenarios"});
  }
  if (d.table("weights") && d.table("weights")->texts("portfolio")[0] == "optimal") {
    ways.push_back({"The optimal weights", "weights; the scenarios of the fit in optimise",
                    "ballast optimize study.resolved.yaml -o weights.csv"});
  }
  ways.push_back({"Every number of this page", "tables", "ballast run study.resolved.yaml"});
  ways.push_back({"This page", "", "ballast report " + file + " -o report.html"});
  ways.push_back({"The tables for a spreadsheet", "tables", "ballast export " + file + " --xlsx results.xlsx"});
  std::string html =
      "<h3>To compute these numbers again</h3>\n<div class=\"table\" tabindex=\"0\"><table><caption>How to "
      "compute the numbers again</caption><thead><tr><th scope=\"col\">Numbers</th><th scope=\"col\">In "
      "the results file</th><th scope=\"col\">Command</th></tr></thead><tbody>\n";
  for (const Way& way : ways) {
    html +=
        fmt::format("<tr><th scope=\"row\"><span>{}</span></th><td><span>{}</span></td><td><code>{}</code></td></tr>\n",
                    html::text(way.what), html::text(way.held), html::text(way.command));
  }
  return html + "</tbody></table></div>\n";
}

/// CVaR on ever more scenarios, a line a number of them.
std::vector<html::Column> convergence_columns(const ReportData& d) {
  html::Column scenarios{"Scenarios", {}, true};
  std::vector<html::Column> all;
  for (const auto& loss : d.charts.at("losses")) {
    if (loss.at("of") != d.charts.at("losses")[0].at("of")) continue;
    const auto& settled = loss.at("convergence");
    html::Column cvar{
        fmt::format("CVaR of {}, {}", loss.at("of").get<std::string>(), loss.at("portfolio").get<std::string>()),
        {},
        true};
    html::Column error{"± standard error", {}, true};
    scenarios.cells.clear();
    for (std::size_t k = 0; k < settled.at("scenarios").size(); ++k) {
      scenarios.cells.push_back(count(settled.at("scenarios")[k].get<std::uint64_t>()));
      cvar.cells.push_back(html::number(settled.at("cvar")[k].get<double>(), units::fraction));
      error.cells.push_back(html::number(settled.at("standard_error")[k].get<double>(), units::fraction));
    }
    all.push_back(cvar);
    all.push_back(error);
  }
  if (!all.empty()) all.insert(all.begin(), scenarios);
  return all;
}

/// Where the history ends, which is where the scenarios begin.
std::string last_regimes(const ResultTable& regimes) {
  const std::string& last = regimes.texts("date").back();
  std::string text = "At the end of the history, " + last + ", the data up to then give";
  const char* before = " ";
  for (std::size_t k = 0; k < regimes.rows(); ++k) {
    if (regimes.texts("date")[k] != last) continue;
    text += fmt::format("{}regime {} a probability of {}", before, regimes.integers("regime")[k],
                        html::percent(regimes.numbers("filtered")[k], 1));
    before = ", ";
  }
  return "<p>" + html::text(text) + ". Regime 1 is the calmest.</p>\n";
}

}  // namespace

std::string views_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  if (!d.table("views")) return "";
  std::string html =
      w.figures(w.figure("views", "What the views changed", "before and after the re-weighting", "wide"));
  html += w.table("views", "Views",
                  {{"sample", "Scenarios"},
                   {"view", "View on"},
                   {"relation", ""},
                   {"target", "Value"},
                   {"confidence", "Confidence"},
                   {"prior", "Before"},
                   {"posterior", "After"}});
  html += w.table("view_sets", "What the views did to the scenarios",
                  {{"sample", "Scenarios"},
                   {"scenarios", "Number"},
                   {"effective_by_entropy", "Worth as many equally probable ones (entropy)"},
                   {"effective_by_squares", "By squares"},
                   {"relative_entropy", "Relative entropy"}});
  return html;
}

std::string trust_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string figures, html;
  const auto& losses = d.charts.at("losses");
  if (losses.size() > 0 && losses[0].at("convergence").at("scenarios").size() > 1) {
    figures += w.figure("convergence", "CVaR as scenarios are added", "with a band of two standard errors");
    html += w.table("CVaR as scenarios are added", convergence_columns(d));
  }
  if (d.table("validation")) {
    figures +=
        w.figure("validation", "Scenarios against history", "the largest differences, over their standard errors");
    html += w.table("validation", "Scenarios against history and theory",
                    {{"of", "Of"},
                     {"statistic", "Statistic"},
                     {"reference", "Reference"},
                     {"reference_error", "± its sampling error"},
                     {"scenarios", "Scenarios"},
                     {"scenarios_standard_error", "± standard error"},
                     {"z", "z"}});
  }
  if (const ResultTable* regimes = d.table("regime_probability")) {
    figures += w.figure("regimes", "Regimes of the history",
                        "probability that a period belongs to each, given the whole history", "wide");
    html += w.table("Regimes of the history (probability given all periods)",
                    matrix_columns(*regimes, "date", "regime", "smoothed", "End of the period"));
    html += last_regimes(*regimes);
  }
  if (auto years = d.summary.find("history_years"); years != d.summary.end() && years->is_number()) {
    const ResultTable* risk = d.table("risk");
    std::string tail;
    if (risk && risk->rows() > 0) {
      const double confidence = risk->numbers("confidence")[0];
      tail = fmt::format(", about {:.1f} of them in the {} tail", years->get<double>() * (1.0 - confidence),
                         tail_label(confidence));
    }
    html += fmt::format(
        "<p>The model rests on {:.1f} years of history{}. Standard errors measure the number of scenarios, not how "
        "little history there is.</p>\n",
        years->get<double>(), tail);
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
  html::Column name{"Input", {}, false}, hash{"SHA-256", {}, false};
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
  return html + reproduction(d);
}

}  // namespace ballast
