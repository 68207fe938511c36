#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/output/result_table.h"

namespace ballast {

/// Portfolios in the order of the table: the optimal one first.
std::vector<std::string> portfolios_of(const ResultTable& table);

/// "± 1.2%"; empty where there is no error.
std::string plus_minus(double error, std::string_view unit);

/// What an answer says of one portfolio: a value, and what stands small beside it.
using AnswerCell = std::pair<std::string, std::string>;

/// A table of a few rows: a name, and a cell for each portfolio.
class AnswerTable {
 public:
  AnswerTable(const std::string& caption, const std::vector<std::string>& portfolios, bool with_bars = false);

  /// cells: one a portfolio. before: cells of HTML in front of them. place: of what stands small, `beside` the value or
  /// `below` it when that is long.
  void row(const std::string& name, const std::vector<AnswerCell>& cells, const std::string& before = "",
           const char* place = "beside");

  std::string take() const { return html_ + "</tbody></table>\n"; }

 private:
  std::string html_;
};

}  // namespace ballast
