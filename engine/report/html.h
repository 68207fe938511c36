#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/output/result_table.h"

namespace ballast::html {

/// Text as it may stand between tags and in quoted attributes, whatever it holds.
std::string text(std::string_view raw);

/// A number as people read it, by its unit: "12.34%", "15.29" (years), "1,051,756,916"; "–" for NaN.
std::string number(double value, std::string_view unit);

/// "−12.34%"; "–" for NaN.
std::string percent(double share, int decimals);

/// "min_cvar" as words: "min CVaR".
std::string words(std::string_view name);

/// One column of a table to be shown.
struct Column {
  std::string title;
  std::vector<std::string> cells;  ///< plain text
  bool numeric = true;
};

/// <table> with a caption and scopes for screen readers; the first column heads its rows.
std::string table(const std::string& caption, const std::vector<Column>& columns);

/// Columns of a result table by name, with titles that say the unit: "pv" -> "Pv (currency)".
std::vector<Column> columns(const ResultTable& table, const std::vector<std::pair<std::string, std::string>>& titles);

}  // namespace ballast::html
