#include "engine/report/answer_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/html.h"

namespace ballast {

std::vector<std::string> portfolios_of(const ResultTable& table) {
  std::vector<std::string> all;
  for (const std::string& name : table.texts("portfolio")) {
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  }
  return all;
}

std::string plus_minus(double error, std::string_view unit) {
  return std::isfinite(error) ? "± " + html::number(error, unit) : "";
}

AnswerTable::AnswerTable(const std::string& caption, const std::vector<std::string>& portfolios, bool with_bars) {
  html_ = "<table><caption>" + html::text(caption) + "</caption><thead><tr><td></td>" + (with_bars ? "<td></td>" : "");
  for (const std::string& name : portfolios) {
    html_ += fmt::format("<th scope=\"col\" class=\"n\"><i class=\"{0}\"></i>{0}</th>", html::text(name));
  }
  html_ += "</tr></thead><tbody>\n";
}

void AnswerTable::row(const std::string& name, const std::vector<AnswerCell>& cells, const std::string& before,
                      const char* place) {
  html_ += "<tr><th scope=\"row\"><span>" + html::text(name) + "</span></th>" + before;
  for (const auto& [value, beside] : cells) {
    html_ += "<td class=\"n\"><b>" + html::text(value) + "</b>" +
             (beside.empty() ? "" : fmt::format(" <small class=\"{}\">{}</small>", place, html::text(beside))) +
             "</td>";
  }
  html_ += "</tr>\n";
}

}  // namespace ballast
