#pragma once

#include <string>

namespace ballast {

/// Writes every table of a results file into a folder, created when missing: TABLE.csv (RFC 4180, LF, 17 significant
/// digits, an empty field for a missing number) and provenance.csv. with_scenarios: also scenarios.csv (one line a
/// scenario and time) and asset_returns.csv (one line a scenario and asset). A text that a spreadsheet would take for a
/// formula (it begins with = + - @) gets an apostrophe in front. Throws as open_results does, and Error (73, 74).
void export_csv(const std::string& results_file, const std::string& folder, bool with_scenarios);

/// Writes a workbook with formatted sheets and charts: summary, weights, projection, frontier, stress, and every other
/// table; provenance last. Texts are cells of text, whatever they begin with.
void export_xlsx(const std::string& results_file, const std::string& path);

}  // namespace ballast
