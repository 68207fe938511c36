#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"
#include "engine/report/answer_builders.h"
#include "engine/report/answer_table.h"
#include "engine/report/html.h"

namespace ballast {
namespace {

/// A column and its standard error, for each portfolio; of: which loss, in the table of risks.
std::vector<AnswerCell> estimates(const ResultTable& table, const std::vector<std::string>& portfolios,
                                  const std::string& column, const char* of = nullptr) {
  std::vector<AnswerCell> cells;
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
void add_shortfall(AnswerTable& answers, const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable* table = data.table("distributions");
  if (!table) return;
  std::vector<AnswerCell> cells(portfolios.size(), {"–", ""});
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
void add_worst_stress(AnswerTable& answers, const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable* table = data.table("stress");
  if (!table) return;
  std::vector<std::string> sought;  // a reverse stress ends where the study asked it to
  if (const ResultTable* reverse = data.table("reverse_stress")) sought = reverse->texts("stress");
  std::vector<AnswerCell> cells;
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

}  // namespace

std::string how_bad(const ReportData& data) {
  const ResultTable* portfolios = data.table("portfolios");
  const ResultTable* risk = data.table("risk");
  if (!portfolios) return "";
  const std::vector<std::string> names = portfolios_of(*portfolios);
  AnswerTable answers("Risk and return, with standard errors", names);
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

std::string answer_sentence(const ReportData& data) {
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

}  // namespace ballast
