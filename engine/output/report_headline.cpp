#include "engine/output/report_headline.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/output/html.h"
#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"

namespace ballast {
namespace {

/// One figure of the headline: its value, and below it an error, the present portfolio's figure, or a remark.
class Cards {
 public:
  void add(const std::string& label, const std::string& value, const std::string& below = "") {
    html_ += fmt::format("<div class=\"card\"><span>{}</span><b>{}</b><small>{}</small></div>\n", html::text(label),
                         html::text(value), html::text(below));
  }
  std::string take(const std::string& title) const {
    return html_.empty() ? "" : "<h3>" + html::text(title) + "</h3>\n<div class=\"cards\">" + html_ + "</div>\n";
  }

 private:
  std::string html_;
};

std::string plus_minus(double error, std::string_view unit) {
  return std::isfinite(error) ? "± " + html::number(error, unit) : "";
}

/// Row of the portfolio whose numbers stand first (the optimal one), and of the other, or -1.
std::pair<int, int> first_and_other(const ResultTable& table, const char* of = nullptr) {
  std::pair<int, int> rows{-1, -1};
  for (std::size_t k = 0; k < table.rows(); ++k) {
    if (of && table.texts("of")[k] != of) continue;
    (rows.first < 0 ? rows.first : rows.second) = int(k);
  }
  return rows;
}

void add_estimate(Cards& cards, const ResultTable& table, std::pair<int, int> rows, const char* column,
                  const std::string& label) {
  if (rows.first < 0) return;
  const std::vector<double>& values = table.numbers(column);
  const std::vector<double>& errors = table.numbers(std::string(column) + "_standard_error");
  const std::string& unit = table.unit(column);
  std::string below = plus_minus(errors[std::size_t(rows.first)], unit);
  if (rows.second >= 0) {
    below += fmt::format("{}{} {}", below.empty() ? "" : "; ", table.texts("portfolio")[std::size_t(rows.second)],
                         html::number(values[std::size_t(rows.second)], unit));
  }
  cards.add(label, html::number(values[std::size_t(rows.first)], unit), below);
}

/// Probability of assets below liabilities at the last report time.
void add_shortfall(Cards& cards, const ReportData& data) {
  const ResultTable* table = data.table("distributions");
  if (!table) return;
  const std::string first = data.table("portfolios")->texts("portfolio")[0];
  double share = NAN, error = NAN, other = NAN, time = NAN;
  for (std::size_t k = 0; k < table->rows(); ++k) {
    if (table->texts("quantity")[k] != "shortfall_probability") continue;
    const double value = table->numbers("value")[k];
    const bool mean = table->texts("statistic")[k] == "mean";
    if (table->texts("portfolio")[k] == first) {
      (mean ? share : error) = value;
      time = table->numbers("time")[k];
    } else if (mean && table->texts("portfolio")[k] == "current") {
      other = value;
    }
  }
  if (!std::isfinite(share)) return;
  std::string below = plus_minus(error, units::fraction);
  if (std::isfinite(other)) below += "; current " + html::number(other, units::fraction);
  cards.add("Shortfall after " + years(time), html::number(share, units::fraction), below);
}

std::string balance_cards(const ReportData& data) {
  const ResultTable* balance = data.table("balance");
  if (!balance) return "";
  Cards cards;
  auto add = [&](const char* column, const char* label, const std::string& below = "", const char* unit = "") {
    double value = balance->numbers(column)[0];
    if (std::isfinite(value)) cards.add(label, html::number(value, balance->unit(column)) + unit, below);
  };
  add("funding_ratio", "Funding ratio", "assets over liabilities");
  add("surplus", "Surplus", "assets less liabilities");
  add("assets", "Assets");
  add("liability_pv", "Present value of liabilities");
  if (const ResultTable* liabilities = data.table("liabilities")) {
    std::size_t total = liabilities->rows() - 1;
    cards.add("Liability duration",
              html::number(liabilities->numbers("macaulay_duration")[total], units::years) + " years",
              "Macaulay; modified " + html::number(liabilities->numbers("modified_duration")[total], units::years));
  }
  add("asset_duration", "Asset duration", "modified", " years");
  add("duration_gap", "Duration gap", "of assets less liabilities", " years");
  add("dv01_gap", "DV01 gap", "change of surplus for −1 basis point");
  return cards.take("Balance sheet today");
}

std::string portfolio_cards(const ReportData& data) {
  const ResultTable* portfolios = data.table("portfolios");
  if (!portfolios) return "";
  Cards cards;
  std::pair<int, int> rows = first_and_other(*portfolios);
  add_estimate(cards, *portfolios, rows, "expected_return", "Expected return");
  add_estimate(cards, *portfolios, rows, "volatility", "Volatility");
  if (std::isfinite(portfolios->numbers("sharpe")[0])) {
    add_estimate(cards, *portfolios, rows, "sharpe", "Sharpe ratio");
  }
  if (const ResultTable* risk = data.table("risk")) {
    std::string tail = tail_label(risk->numbers("confidence")[0]);
    for (auto [of, name] : {std::pair{"surplus", "the deficit"}, {"return", "return"}}) {
      add_estimate(cards, *risk, first_and_other(*risk, of), "var", fmt::format("{} VaR of {}", tail, name));
      add_estimate(cards, *risk, first_and_other(*risk, of), "cvar", fmt::format("{} CVaR of {}", tail, name));
    }
  }
  add_shortfall(cards, data);
  double horizon = portfolios->numbers("horizon_years")[0];
  return cards.take(
      fmt::format("Over {}, {} weights (losses positive when bad{})",
                  std::isfinite(horizon) ? years(horizon) : "the horizon", portfolios->texts("portfolio")[0],
                  data.table("liabilities") ? "; deficit: liabilities less assets then, by assets now" : ""));
}

std::string optimizer_cards(const ReportData& data) {
  auto found = data.summary.find("optimizer");
  if (found == data.summary.end() || !found->is_object()) return "";
  auto value = [](const auto& object, const char* key) {
    auto at = object.find(key);
    return at != object.end() && at->is_number() ? at->template get<double>() : std::nan("");
  };
  const std::string objective = found->value("objective", ""), loss = found->value("loss", "");
  // Measures of a loss are shares of the assets; a variance or a Sharpe ratio is a plain number.
  const char* unit = objective.find("cvar") != std::string::npos ? units::initial_assets : "";
  auto shown = [&](double number) {
    if (!*unit) return fmt::format("{:.6g}", number);
    return (number < 0 ? "−" : "") + percent(std::abs(number), 3);
  };
  Cards cards;
  cards.add("In sample", shown(value(*found, "value")), fmt::format("{} of the {} loss", html::words(objective), loss));
  double bound = value(*found, "lower_bound"), gap = value(*found, "relative_gap");
  if (std::isfinite(bound)) {
    cards.add("Proven lower bound", shown(bound), fmt::format("relative gap {:.1e}", gap));
  } else {
    cards.add("Certificate", "none", "status " + found->value("status", ""));
  }
  auto fresh = data.summary.find("fresh_scenarios");
  if (fresh != data.summary.end() && fresh->is_object()) {
    cards.add("On fresh scenarios", shown(value(*fresh, "value")), "± " + shown(value(*fresh, "standard_error")));
    const double optimism = value(*fresh, "optimism");
    if (std::isfinite(optimism)) cards.add("Optimism", shown(optimism), "fresh less in-sample value");
  }
  return cards.take("Optimizer");
}

}  // namespace

std::string headline_html(const ReportData& data) {
  return balance_cards(data) + portfolio_cards(data) + optimizer_cards(data);
}

}  // namespace ballast
