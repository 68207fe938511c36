#include <fmt/format.h>

#include "engine/output/html.h"
#include "engine/output/report_section_builders.h"
#include "engine/output/results_datasets.h"

namespace ballast {

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
    html += w.table("Funding ratio" + of, distribution_columns(d, "funding_ratio", portfolio, units::fraction));
    html += w.table("Probability of shortfall" + of,
                    distribution_columns(d, "shortfall_probability", portfolio, units::fraction));
    html += w.table("Surplus" + of, distribution_columns(d, "surplus", portfolio, units::currency));
    html += w.table("Assets" + of, distribution_columns(d, "assets", portfolio, units::currency));
  }
  html += w.table("Present value of the liabilities", distribution_columns(d, "liability_pv", "", units::currency));
  html +=
      w.table("Macaulay duration of the liabilities", distribution_columns(d, "liability_duration", "", units::years));
  return html;
}

std::string cash_flow_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  if (!d.table("cash_flows")) return "";
  return w.figures(w.figure("cash_flows", "Cash flows by year",
                            d.table("asset_cash_flows") ? "as they are due today; bonds pay as held, and are not rolled"
                                                        : "as they are due today",
                            "wide")) +
         w.table("liabilities", "Liabilities at the valuation date",
                 {{"liability", "Liability"},
                  {"pv", "Present value"},
                  {"macaulay_duration", "Macaulay duration (years)"},
                  {"modified_duration", "Modified duration (years)"},
                  {"convexity", "Convexity (years²)"}});
}

std::string rates_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  std::string figures, html;
  const ResultTable* key_rates = d.table("key_rates");
  if (key_rates) {
    figures += w.figure("key_rates", "Key-rate durations and their gap", "in years of the value of the assets", "wide");
    html += w.table("key_rates", "Key-rate durations",
                    {{"liability", "Liability"}, {"key_rate", "Key rate (years)"}, {"duration", "Duration (years)"}});
  }
  html += w.table("asset_key_rates", "Key-rate durations of the assets, and the gap",
                  {{"key_rate", "Key rate (years)"}, {"duration", "Duration (years)"}, {"dv01_gap", "DV01 gap"}});
  html += w.table("assets", "How each asset reacts to rates",
                  {{"asset", "Asset"},
                   {"duration_source", "Known from"},
                   {"modified_duration", "Modified duration (years)"},
                   {"convexity", "Convexity (years²)"}});
  if (d.charts.contains("fans") && d.charts.at("fans").contains("all")) {
    figures += w.figure("short_rate", "Short rate", "continuous, quantiles over scenarios");
    figures += w.figure("ten_year_rate", "Ten-year rate", "continuous zero rate, quantiles over scenarios");
  }
  if (!d.charts.at("curve_fan").is_null()) {
    figures += w.figure("curve_fan", "Yield curve by tenor", "continuous zero rates, quantiles over scenarios", "wide");
  }
  for (auto [quantity, title] : {std::pair{"short_rate", "Short rate"},
                                 {"ten_year_rate", "Ten-year rate"},
                                 {"slope", "Slope (ten-year less short rate)"}}) {
    html += w.table(title, distribution_columns(d, quantity, "", units::rate));
  }
  return w.figures(figures) + html;
}

}  // namespace ballast
