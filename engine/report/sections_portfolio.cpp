#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/html.h"
#include "engine/report/report_section_builders.h"

namespace ballast {
namespace {

/// A line an asset, and the liabilities; two columns a portfolio and loss: the part and its standard error.
std::vector<html::Column> contribution_columns(const ReportData& data) {
  const ResultTable* table = data.table("contributions");
  if (!table) return {};
  html::Column parts{"Part", data.asset_names, false};
  parts.cells.push_back("liabilities");
  std::vector<html::Column> all{parts};
  for (std::size_t k = 0; k < table->rows(); ++k) {
    if (table->texts("sample")[k] == "optimise" && table->texts("sample")[0] != "optimise") continue;
    const std::string title = table->texts("of")[k] + ", " + table->texts("portfolio")[k];
    if (all.back().cells.size() == parts.cells.size()) {
      all.push_back({title, {}, true});
      all.push_back({"± standard error", {}, true});
    }
    html::Column &value = all[all.size() - 2], &error = all.back();
    value.cells.push_back(html::number(table->numbers("cvar")[k], units::fraction));
    error.cells.push_back(html::number(table->numbers("cvar_standard_error")[k], units::fraction));
    bool last_asset = value.cells.size() == data.asset_names.size();
    if (last_asset && table->texts("of")[k] != "surplus") {
      value.cells.push_back("–");
      error.cells.push_back("–");
    }
  }
  return all;
}

}  // namespace

std::string weights_section(const SectionWriter& w) {
  const ResultTable* weights = w.data().table("weights");
  if (!weights) return "";
  std::string figures = w.figure("weights", "Weights", "share of the assets");
  if (w.data().table("frontier")) {
    figures += w.figure("frontier", "Efficient frontier", "expected return against CVaR");
    figures +=
        w.figure("frontier_weights", "Weights along the frontier", "from the least CVaR to the largest return", "wide");
  }
  if (w.data().table("worst_case")) {
    figures += w.figure("worst_case", "Optimal weights on each set of scenarios",
                        "CVaR of the optimised loss, ± 2 standard errors; the worst first", "wide");
  }
  std::string html =
      w.figures(figures) + w.table("Weights", matrix_columns(*weights, "asset", "portfolio", "weight", "Asset"));
  html += w.table("shadow_prices", "What the limits that bind cost",
                  {{"constraint", "Limit"}, {"limit", "At"}, {"price", "Change of the optimum a unit of it"}});
  html += w.table("worst_case", "Optimal weights on each set of scenarios",
                  {{"set", "Scenarios"},
                   {"cvar", "CVaR of the optimised loss"},
                   {"cvar_standard_error", "± standard error"},
                   {"scenarios", "Number"}});
  html += w.table("frontier", "Efficient frontier",
                  {{"point", "Point"},
                   {"expected_return", "Expected return"},
                   {"cvar", "CVaR in sample"},
                   {"lower_bound", "Proven lower bound"},
                   {"fresh_cvar", "CVaR on fresh scenarios"},
                   {"fresh_cvar_standard_error", "± standard error"},
                   {"cvar_low", "CVaR, 5% of resamples"},
                   {"cvar_high", "CVaR, 95% of resamples"},
                   {"status", "Status"}});
  if (const ResultTable* along = w.data().table("frontier_weights")) {
    html += w.table("Weights along the frontier", matrix_columns(*along, "point", "asset", "weight", "Point"));
  }
  return html;
}

std::string policy_section(const SectionWriter& w) {
  const ReportData& d = w.data();
  const ResultTable* policy = d.table("policy");
  if (!policy) return "";
  std::string html = w.figures(
      w.figure("policy_weights", "Weights of the policy", "from each change on", "wide") +
      w.figure("policy_funding_ratio", "Funding ratio under the policy",
               "beside the optimal weights, held throughout") +
      w.figure("policy_shortfall", "Probability of shortfall", "share of scenarios with assets below liabilities"));
  if (auto found = d.summary.find("policy"); found != d.summary.end() && found->is_object()) {
    auto number = [](const nlohmann::ordered_json& value) { return value.is_number() ? value.get<double>() : NAN; };
    html += fmt::format(
        "<p>It minimises {} over {}: {} in sample, {} ± {} on fresh scenarios, in initial assets. The problem is not "
        "convex: this is the best of {} local searches, without a certificate; a first-order move could still gain "
        "{}.</p>\n",
        html::text(html::words(found->at("minimises").get<std::string>())),
        html::text(years(number(found->at("horizon_years")))),
        html::number(number(found->at("value")), units::initial_assets),
        html::number(number(found->at("fresh").at("value")), units::initial_assets),
        html::number(number(found->at("fresh").at("standard_error")), units::initial_assets),
        found->at("start_values").size(),
        html::number(number(found->at("first_order_residual")), units::initial_assets));
  }
  html += w.table("Weights of the policy", matrix_columns(*policy, "from_years", "asset", "weight", "From year"));
  html +=
      w.table("Funding ratio under the policy", distribution_columns(d, "funding_ratio", "policy", units::fraction));
  html += w.table("Probability of shortfall under the policy",
                  distribution_columns(d, "shortfall_probability", "policy", units::fraction));
  return html;
}

std::string what_if_section(const SectionWriter& w) {
  if (!w.with_charts() || w.data().charts.at("what_if").is_null()) return "";
  return "<div id=\"what-if-panel\"></div>\n";
}

std::string risk_section(const SectionWriter& w) {
  if (!w.data().table("risk")) return "";
  std::string figures;
  const double horizon_years = w.data().table("risk")->numbers("horizon_years").at(0);
  const std::string horizon = std::isfinite(horizon_years) ? years(horizon_years) : "the horizon";
  if (w.data().charts.at("losses").size() > 0) {
    if (w.data().table("liabilities") || w.data().charts.at("losses")[0].at("of") == "surplus") {
      figures +=
          w.figure("loss_surplus", "Deficit after " + horizon, "liabilities less assets; below 0 a surplus is left");
    }
    figures += w.figure("loss_return", "Loss of value over " + horizon, "minus the return; below 0 a gain");
  }
  if (w.data().table("contributions")) {
    figures += w.figure("contributions", "Contributions to CVaR",
                        "mean loss in the tail, ± 2 standard errors; the parts add up to the CVaR", "wide");
  }
  std::string html = w.figures(figures);
  html += w.table("risk", "Value-at-risk and conditional value-at-risk: losses, shares of the assets now",
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

}  // namespace ballast
