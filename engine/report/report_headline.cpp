#include "engine/report/report_headline.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/report/html.h"
#include "engine/report/report_answer.h"

namespace ballast {
namespace {

/// One figure of the balance sheet: its value, and below it a remark.
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

}  // namespace

std::string headline_html(const ReportData& data) { return answer_html(data) + balance_cards(data); }

}  // namespace ballast
