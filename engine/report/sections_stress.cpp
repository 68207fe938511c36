#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/html.h"
#include "engine/report/report_section_builders.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

double number_at(const Json& object, const char* key) {
  auto at = object.find(key);
  return at != object.end() && at->is_number() ? at->get<double>() : std::nan("");
}

/// Columns as people read them: the balance sheet before a stress is called `base` in files.
std::vector<html::Column> in_words(std::vector<html::Column> columns) {
  for (html::Column& column : columns) {
    if (column.numeric) continue;
    std::replace(column.cells.begin(), column.cells.end(), std::string("base"), std::string("no stress"));
  }
  return columns;
}

/// "equity -20.30%, bonds +76.60%; ten-year rate -2.10 points": what moves most of the portfolio's value.
std::string moves(const ReportData& d, const Json& stress) {
  constexpr std::size_t kShown = 3;
  const Json& weights = d.summary.at(stress.at("portfolio") == "optimal" ? "portfolio" : "current").at("weights");
  std::vector<std::pair<double, std::string>> by_size;
  for (const auto& [asset, change] : stress.at("asset_shocks").items()) {
    const double moved = change.is_number() ? change.get<double>() : 0.0, held = number_at(weights, asset.c_str());
    if (!(std::abs(moved * held) > 5e-5)) continue;
    by_size.emplace_back(-std::abs(moved * held),
                         fmt::format("{} {}{}", asset, moved > 0 ? "+" : "", html::number(moved, units::fraction)));
  }
  std::sort(by_size.begin(), by_size.end());
  std::string text;
  for (std::size_t k = 0; k < std::min(kShown, by_size.size()); ++k) text += (k ? ", " : "") + by_size[k].second;
  // The tenor nearest to ten years.
  double nearest = INFINITY, shift = NAN;
  for (const auto& [tenor, change] : stress.at("rate_shocks").items()) {
    const double away = std::abs(std::stod(tenor) - 10.0);
    if (away < nearest && change.is_number()) {
      nearest = away;
      shift = change.get<double>();
    }
  }
  if (nearest <= 2.0) {
    text += fmt::format("{}the ten-year rate {}{} points", text.empty() ? "" : "; ",
                        shift > 0   ? "+"
                        : shift < 0 ? "−"
                                    : "",
                        fmt::format("{:.2f}", 100 * std::abs(shift)));
  }
  return text;
}

/// What would have to happen, a sentence for each portfolio and level.
std::string reverse_stresses(const ReportData& d) {
  auto found = d.summary.find("reverse_stress");
  if (found == d.summary.end() || found->empty()) return "";
  std::string html = "<h3>What would have to happen</h3>\n<ul>";
  for (const Json& one : *found) {
    const std::string portfolio = one.at("portfolio"), status = one.at("status");
    const std::string level = html::number(number_at(one, "level"), units::fraction);
    std::string text = fmt::format("With the {} weights ", portfolio);
    if (status != "found") {
      text += status == "not found" ? "no move was found that takes the funding ratio to " + level
                                    : "the funding ratio is below " + level + " already";
    } else {
      text += fmt::format(
          "the least sudden move that takes the funding ratio to {} is {:.2f} standard deviations of what "
          "happens in {}",
          level, number_at(one, "distance"), years(number_at(one, "horizon_years")));
      for (const Json& stress : d.summary.at("stress")) {
        if (stress.at("name") != one.at("name") || stress.at("portfolio") != portfolio) continue;
        if (std::string moved = moves(d, stress); !moved.empty()) text += ": " + moved;
      }
      if (std::isfinite(number_at(one, "nearest_scenario"))) {
        text +=
            fmt::format(". Fresh scenario {} is the nearest to it", one.at("nearest_scenario").get<std::uint64_t>());
      }
    }
    html += "<li>" + html::text(text) + ".</li>";
  }
  return html + "</ul>\n";
}

/// What the regulators' stresses ask for, and whether the surplus covers it.
std::string capital(const ReportData& d) {
  const ResultTable* table = d.table("capital");
  if (!table) return "";
  std::string html = "<h3>Capital that the regulators' stresses ask for</h3>\n<ul>";
  for (std::size_t k = 0; k < table->rows(); ++k) {
    const double asked = table->numbers("capital")[k], available = table->numbers("available")[k];
    std::string text = fmt::format("{}, {} weights: {}", table->texts("family")[k], table->texts("portfolio")[k],
                                   html::number(asked, units::currency));
    if (asked > 0 && available > 0) {
      text += fmt::format("; the surplus of {} covers {}", html::number(available, units::currency),
                          available >= asked ? "it" : html::percent(available / asked, 0) + " of it");
    } else if (asked > 0) {
      text += "; there is no surplus to cover it";
    }
    html += "<li>" + html::text(text) + ".</li>";
  }
  return html + "</ul>\n";
}

/// A line a shock of a family, a column a portfolio.
std::vector<html::Column> capital_losses(const ReportData& d) {
  const ResultTable* table = d.table("capital_losses");
  if (!table) return {};
  std::vector<html::Column> all{{"Stresses", {}, false}, {"Shock", {}, false}};
  for (std::size_t k = 0; k < table->rows(); ++k) {
    const std::string &family = table->texts("family")[k], &risk = table->texts("risk")[k];
    std::size_t row = 0;
    while (row < all[0].cells.size() && (all[0].cells[row] != family || all[1].cells[row] != risk)) ++row;
    if (row == all[0].cells.size()) {
      all[0].cells.push_back(family);
      all[1].cells.push_back(risk);
    }
    auto column = std::find_if(all.begin() + 2, all.end(),
                               [&](const html::Column& c) { return c.title == table->texts("portfolio")[k]; });
    if (column == all.end()) column = all.insert(all.end(), {table->texts("portfolio")[k], {}, true});
    column->cells.resize(all[0].cells.size(), "–");
    column->cells[row] = html::number(table->numbers("loss")[k], units::currency);
  }
  for (html::Column& column : all) column.cells.resize(all[0].cells.size(), "–");
  return all;
}

}  // namespace

std::string stress_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  const ResultTable* stress = d.table("stress");
  if (!stress) return "";
  std::string figures = w.figure("tornado", "Change of surplus", "by stress, the worst first");
  figures += w.figure("stress_funding", "Funding ratio after the stress", "in the same order");
  if (d.table("stress_assets")) {
    figures +=
        w.figure("stress_heat", "Sudden returns", "of each asset and of the liabilities under each stress", "wide");
  }
  if (const ResultTable* grid = d.table("stress_grid")) {
    figures += w.figure("stress_grid", "Two stresses at once: " + grid->texts("grid")[0],
                        "funding ratio with the " + grid->texts("portfolio")[0] + " weights", "wide");
  }
  std::string html = w.figures(figures) + reverse_stresses(d) + capital(d);
  html += w.table("Balance sheet under stress",
                  in_words(html::columns(*stress, {{"stress", "Stress"},
                                                   {"portfolio", "Portfolio"},
                                                   {"assets", "Assets"},
                                                   {"liability_pv", "Liability PV"},
                                                   {"liability_duration", "Duration (years)"},
                                                   {"surplus", "Surplus"},
                                                   {"funding_ratio", "Funding ratio"},
                                                   {"change_surplus", "Change of surplus"},
                                                   {"change_funding_ratio", "Change of funding ratio"}})));
  if (const ResultTable* assets = d.table("stress_assets")) {
    html += w.table("Sudden return of each asset",
                    in_words(matrix_columns(*assets, "stress", "asset", "change", "Stress")));
  }
  html += w.table("stress_grid", "Two stresses at once",
                  {{"grid", "Grid"},
                   {"portfolio", "Portfolio"},
                   {"asset_return", "Return of the assets that move"},
                   {"parallel_shift", "Shift of rates"},
                   {"funding_ratio", "Funding ratio"},
                   {"surplus", "Surplus"}});
  html += w.table("reverse_stress", "The smallest move to a funding ratio",
                  {{"portfolio", "Portfolio"},
                   {"level", "Funding ratio"},
                   {"status", "Status"},
                   {"horizon_years", "Horizon (years)"},
                   {"distance", "Distance (standard deviations)"},
                   {"nearest_scenario", "Nearest scenario"},
                   {"nearest_distance", "Its distance from the move"}});
  html += w.table("capital", "Capital",
                  {{"family", "Stresses"},
                   {"portfolio", "Portfolio"},
                   {"rule", "Rule"},
                   {"capital", "Capital"},
                   {"available", "Surplus available"}});
  return html + w.table("Decline of the surplus by each shock of the regulators", capital_losses(d));
}

}  // namespace ballast
