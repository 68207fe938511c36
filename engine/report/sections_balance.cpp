#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/report/html.h"
#include "engine/report/report_section_builders.h"

namespace ballast {
namespace {

/// How quantities of `distributions` begin that are credit spreads.
constexpr std::string_view kSpread = "credit_spread.";

/// What is received and paid in each whole year, from tables of (time, amount).
std::vector<html::Column> flows_by_year(const ReportData& data) {
  const ResultTable* paid = data.table("cash_flows");
  const ResultTable* received = data.table("asset_cash_flows");
  std::map<long, std::pair<double, double>> years;
  auto year = [](double time) { return std::max(1L, long(std::ceil(time - 1e-9))); };
  for (std::size_t k = 0; k < paid->rows(); ++k) {
    years[year(paid->numbers("time")[k])].second += paid->numbers("amount")[k];
  }
  for (std::size_t k = 0; received && k < received->rows(); ++k) {
    if (received->texts("portfolio")[k] != received->texts("portfolio")[0]) continue;
    years[year(received->numbers("time")[k])].first += received->numbers("amount")[k];
  }
  html::Column number{"Year", {}, true}, in{"Received by the assets", {}, true},
      out{"Paid to the liabilities", {}, true};
  for (const auto& [at, amounts] : years) {
    number.cells.push_back(std::to_string(at));
    in.cells.push_back(html::number(amounts.first, units::currency));
    out.cells.push_back(html::number(amounts.second, units::currency));
  }
  if (!received) return {number, out};
  in.title += fmt::format(" ({} weights)", received->texts("portfolio")[0]);
  return {number, in, out};
}

/// The yield curve at the last report time: quantiles by tenor, and today's curve.
std::vector<html::Column> last_curve(const ReportData& data) {
  const auto& fan = data.charts.at("curve_fan");
  if (fan.is_null()) return {};
  auto rates = [](const nlohmann::ordered_json& list) {
    std::vector<std::string> cells;
    for (const auto& rate : list) cells.push_back(html::number(rate.get<double>(), units::rate));
    return cells;
  };
  html::Column tenors{"Time to maturity (years)", {}, true};
  for (const auto& tenor : fan.at("tenors")) tenors.cells.push_back(fmt::format("{:g}", tenor.get<double>()));
  std::vector<html::Column> all{tenors, {"Today", rates(fan.at("by_time").front().front()), true}};
  std::size_t level = 0;
  for (const auto& quantile : fan.at("by_time").back()) {
    all.push_back(
        {fmt::format("{:g}%", 100 * data.charts.at("quantiles")[level++].get<double>()), rates(quantile), true});
  }
  return all;
}

}  // namespace

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
         w.table("Cash flows by year", flows_by_year(d)) +
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
  html += w.table("Yield curve at the last report time", last_curve(d));
  for (auto [quantity, title] : {std::pair{"short_rate", "Short rate"},
                                 {"ten_year_rate", "Ten-year rate"},
                                 {"slope", "Slope (ten-year less short rate)"}}) {
    html += w.table(title, distribution_columns(d, quantity, "", units::rate));
  }
  if (const ResultTable* distributions = d.table("distributions")) {
    std::set<std::string> spreads;
    for (const std::string& quantity : distributions->texts("quantity")) {
      if (quantity.starts_with(kSpread)) spreads.insert(quantity);
    }
    for (const std::string& spread : spreads) {
      const std::string title = "Credit spread " + spread.substr(kSpread.size());
      figures += w.figure("market_level", title, "over the zero curve, quantiles over scenarios", "", spread);
      html += w.table(title, distribution_columns(d, spread, "", units::rate));
    }
    const std::vector<html::Column> prices = distribution_columns(d, "price_index", "", "");
    if (prices.size() > 1) {
      figures += w.figure("market_level", "Consumer prices", "1 today, quantiles over scenarios", "", "price_index");
    }
    html += w.table("Consumer prices (1 today)", prices);
  }
  return w.figures(figures) + html;
}

}  // namespace ballast
