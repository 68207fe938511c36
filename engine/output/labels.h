#pragma once

#include <string>

namespace ballast {

/// "q05" for 0.05, "q50", "q99.5": the name of a quantile in summary.json and distributions.csv.
std::string quantile_label(double level);

/// "5%" for a confidence of 0.95: the tail that VaR and CVaR are named after.
std::string tail_label(double confidence);

/// 17 significant digits, shorter where that reads back to the same number; empty for NaN.
std::string csv_number(double value);

/// A CSV field, quoted where RFC 4180 asks for it. A text that a spreadsheet would take for a formula (= + - @, or a
/// tab or carriage return, in front) gets an apostrophe before it; `without_guard` takes that away again.
std::string csv_field(const std::string& text);
std::string without_guard(const std::string& field);

}  // namespace ballast
