#include "engine/report/section_writer.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace ballast {

using html::Column;

namespace {

/// What readers call the scenario sets `evaluate` and `optimise` of results.h5.
void say_sample(Column& column) {
  const bool fresh = std::find(column.cells.begin(), column.cells.end(), "evaluate") != column.cells.end();
  for (std::string& cell : column.cells) {
    if (cell == "evaluate") cell = "fresh";
    if (cell == "optimise") cell = fresh ? "those the weights were fitted to" : "the study's own";
  }
}

}  // namespace

std::string SectionWriter::figure(const char* chart, const std::string& title, const std::string& note,
                                  const char* size, const std::string& of) const {
  if (!with_charts_) return "";
  return fmt::format(
      "<figure class=\"{3}\"><figcaption>{0}{1}</figcaption><div class=\"legend\"></div><div class=\"chart\" "
      "data-chart=\"{2}\"{4} role=\"img\" tabindex=\"0\" aria-label=\"{0}. The numbers are in the section's tables.\">"
      "</div></figure>\n",
      html::text(title), note.empty() ? "" : "<small>" + html::text(note) + "</small>", chart, size,
      of.empty() ? "" : " data-of=\"" + html::text(of) + "\"");
}

std::string SectionWriter::figures(const std::string& all) const {
  return all.empty() ? "" : "<div class=\"figures\">\n" + all + "</div>\n";
}

std::string SectionWriter::table(const std::string& title, const std::vector<Column>& columns) const {
  if (columns.empty() || columns[0].cells.empty()) return "";
  return fmt::format("<details{}><summary>{}</summary>{}</details>\n", with_charts_ ? "" : " open", html::text(title),
                     html::table(title, columns));
}

std::string SectionWriter::table(const char* name, const std::string& title, const ColumnTitles& titles) const {
  const ResultTable* stored = data_.table(name);
  if (!stored) return "";
  std::vector<Column> columns = html::columns(*stored, titles);
  for (std::size_t c = 0, shown = 0; c < titles.size(); ++c) {
    if (!stored->has(titles[c].first)) continue;
    if (titles[c].first == "sample") say_sample(columns[shown]);
    ++shown;
  }
  return table(title, columns);
}

std::vector<Column> distribution_columns(const ReportData& data, const std::string& quantity,
                                         const std::string& portfolio, std::string_view unit) {
  const ResultTable* table = data.table("distributions");
  if (!table) return {};
  Column times{"Time (years)", {}, true};
  std::vector<Column> statistics;
  for (std::size_t k = 0; k < table->rows(); ++k) {
    if (table->texts("quantity")[k] != quantity || table->texts("portfolio")[k] != portfolio) continue;
    const std::string& statistic = table->texts("statistic")[k];
    std::string time = fmt::format("{:g}", table->numbers("time")[k]);
    if (times.cells.empty() || times.cells.back() != time) times.cells.push_back(time);
    auto at = std::find_if(statistics.begin(), statistics.end(), [&](const Column& c) { return c.title == statistic; });
    if (at == statistics.end()) at = statistics.insert(at, {statistic, {}, true});
    at->cells.push_back(html::number(table->numbers("value")[k], unit));
  }
  std::vector<Column> all{times};
  for (Column& column : statistics) {
    if (column.title == "standard_error") column.title = "standard error of the mean";
    if (column.title.starts_with('q')) column.title = fmt::format("{:g}%", std::stod(column.title.substr(1)));
    all.push_back(std::move(column));
  }
  return all;
}

namespace {

std::string key_of(const ResultTable& table, const char* column, std::size_t k) {
  for (const hdf5::TableColumn& stored : table.columns) {
    if (stored.name != column) continue;
    if (auto* whole = std::get_if<std::vector<std::int64_t>>(&stored.values)) return std::to_string((*whole)[k]);
    if (auto* numbers = std::get_if<std::vector<double>>(&stored.values)) return fmt::format("{:g}", (*numbers)[k]);
  }
  return table.texts(column)[k];
}

}  // namespace

std::vector<Column> matrix_columns(const ResultTable& table, const char* row, const char* column, const char* value,
                                   const std::string& row_title) {
  Column rows{row_title, {}, false};
  std::vector<Column> all;
  std::map<std::string, std::size_t> row_of, column_of;
  for (std::size_t k = 0; k < table.rows(); ++k) {
    const std::string key = key_of(table, row, k);
    if (row_of.emplace(key, rows.cells.size()).second) rows.cells.push_back(key);
    const std::string head = key_of(table, column, k);
    if (column_of.emplace(head, all.size()).second) all.push_back({head, {}, true});
  }
  for (Column& one : all) one.cells.resize(rows.cells.size());
  for (std::size_t k = 0; k < table.rows(); ++k) {
    const std::string key = key_of(table, row, k);
    all[column_of[key_of(table, column, k)]].cells[row_of[key]] =
        html::number(table.numbers(value)[k], table.unit(value));
  }
  all.insert(all.begin(), rows);
  return all;
}

}  // namespace ballast
