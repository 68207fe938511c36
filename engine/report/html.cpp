#include "engine/report/html.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/output/text_table.h"

namespace ballast::html {

std::string text(std::string_view raw) {
  std::string safe;
  safe.reserve(raw.size());
  for (char c : raw) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

namespace {

/// A minus before digits that are not all zero.
std::string with_minus(const std::string& digits) {
  return digits.find_first_of("123456789") == std::string::npos ? digits : "−" + digits;
}

}  // namespace

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return "–";
  const std::string digits = ballast::percent(std::abs(share), decimals);
  return share < 0 ? with_minus(digits) : digits;
}

std::string number(double value, std::string_view unit) {
  if (!std::isfinite(value)) return "–";
  if (value < 0) return with_minus(number(-value, unit));
  if (unit == units::fraction || unit == units::initial_assets || unit == units::rate) return percent(value, 2);
  if (unit == units::currency) {
    std::string all = money(std::abs(value) >= 1e4 ? std::round(value) : value);
    return std::abs(value) >= 1e4 ? all.substr(0, all.find('.')) : all;
  }
  if (unit == units::years || unit == units::years_squared) return fmt::format("{:.2f}", value);
  bool plain = value == 0.0 || (std::abs(value) >= 0.0005 && std::abs(value) < 1e5);
  return plain ? fmt::format("{:.3f}", value) : fmt::format("{:.3g}", value);
}

std::string words(std::string_view name) {
  std::string all;
  while (!name.empty()) {
    std::string_view word = name.substr(0, name.find('_'));
    name.remove_prefix(std::min(name.size(), word.size() + 1));
    if (!all.empty()) all += ' ';
    all += word == "cvar" ? "CVaR" : word;
  }
  return all;
}

std::string table(const std::string& caption, const std::vector<Column>& columns) {
  std::string out = "<div class=\"table\" tabindex=\"0\"><table><caption>" + text(caption) + "</caption><thead><tr>";
  for (const Column& column : columns) {
    out += fmt::format("<th scope=\"col\"{}>{}</th>", column.numeric ? " class=\"n\"" : "", text(column.title));
  }
  out += "</tr></thead><tbody>\n";
  std::size_t rows = columns.empty() ? 0 : columns[0].cells.size();
  for (std::size_t r = 0; r < rows; ++r) {
    out += "<tr>";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const char* tag = c == 0 ? "th scope=\"row\"" : "td";
      out += fmt::format("<{}{}><span>{}</span></{}>", tag, columns[c].numeric ? " class=\"n\"" : "",
                         text(columns[c].cells.at(r)), c == 0 ? "th" : "td");
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::vector<Column> columns(const ResultTable& table, const std::vector<std::pair<std::string, std::string>>& titles) {
  std::vector<Column> all;
  for (const auto& [name, title] : titles) {
    if (!table.has(name)) continue;
    Column column{title, {}, true};
    for (const hdf5::TableColumn& stored : table.columns) {
      if (stored.name != name) continue;
      if (auto* texts = std::get_if<std::vector<std::string>>(&stored.values)) {
        column.cells = *texts;
        column.numeric = false;
      } else if (auto* whole = std::get_if<std::vector<std::int64_t>>(&stored.values)) {
        for (std::int64_t value : *whole) column.cells.push_back(std::to_string(value));
      } else {
        for (double value : std::get<std::vector<double>>(stored.values)) {
          column.cells.push_back(number(value, table.unit(name)));
        }
      }
    }
    all.push_back(std::move(column));
  }
  return all;
}

}  // namespace ballast::html
