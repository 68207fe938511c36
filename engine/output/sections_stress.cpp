#include "engine/output/html.h"
#include "engine/output/report_section_builders.h"
#include "engine/output/results_datasets.h"

namespace ballast {

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
  if (const ResultTable* assets = d.table("stress_assets")) {
    html += w.table("Sudden return of each asset", matrix_columns(*assets, "stress", "asset", "change", "Stress"));
  }
  return html;
}

}  // namespace ballast
