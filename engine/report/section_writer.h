#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/report/html.h"
#include "engine/report/report_data.h"

namespace ballast {

/// Names of a table's columns, and the titles that the page gives them.
using ColumnTitles = std::vector<std::pair<std::string, std::string>>;

/// Puts a section of the page together: figures only when there is a script to draw them, tables folded away then.
class SectionWriter {
 public:
  SectionWriter(const ReportData& data, bool with_charts) : data_(data), with_charts_(with_charts) {}

  const ReportData& data() const { return data_; }
  bool with_charts() const { return with_charts_; }

  /// The place of a chart that engine/report/page/src draws; size: "" or "wide", over all columns.
  /// of: which of several, for a chart that draws one of them.
  std::string figure(const char* chart, const std::string& title, const std::string& note = "", const char* size = "",
                     const std::string& of = "") const;
  std::string figures(const std::string& all) const;
  /// Empty without rows.
  std::string table(const std::string& title, const std::vector<html::Column>& columns) const;
  std::string table(const char* name, const std::string& title, const ColumnTitles& titles) const;

 private:
  const ReportData& data_;
  bool with_charts_;
};

/// Rows of `distributions` of one quantity and portfolio: a line a time, a column a statistic.
std::vector<html::Column> distribution_columns(const ReportData& data, const std::string& quantity,
                                               const std::string& portfolio, std::string_view unit);

/// A table of (row key, column key, value) as a matrix. Keys of rows are texts, whole numbers or numbers.
std::vector<html::Column> matrix_columns(const ResultTable& table, const char* row, const char* column,
                                         const char* value, const std::string& row_title);

}  // namespace ballast
