#include "engine/output/workbook.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr std::size_t kLongestText = 32767;  // Excel's limit, in characters

/// At most that many bytes, never through the middle of a UTF-8 character.
std::string cut(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

Workbook::Workbook(const std::string& path) : path_(path) {
  lxw_workbook_options options = {};
  options.use_zip64 = LXW_TRUE;
  book_ = workbook_new_opt(path.c_str(), &options);
  if (!book_) throw Error(ExitCode::cannot_create, fmt::format("error: cannot create '{}'", path));
  // The same file for the same results: no time of writing in it.
  lxw_doc_properties properties = {};
  properties.created = 1;
  workbook_set_properties(book_, &properties);
  heading_ = workbook_add_format(book_);
  format_set_bold(heading_);
  format_set_font_size(heading_, 13);
  head_ = workbook_add_format(book_);
  format_set_bold(head_);
  format_set_text_wrap(head_);
  format_set_align(head_, LXW_ALIGN_VERTICAL_TOP);
  format_set_bottom(head_, LXW_BORDER_THIN);
  percent_ = number_format("0.00%");
  money_ = number_format("#,##0.00");
  plain_ = number_format("0.0000");
}

Workbook::~Workbook() {
  if (book_) workbook_close(book_);
}

lxw_format* Workbook::number_format(const char* pattern) {
  lxw_format* format = workbook_add_format(book_);
  format_set_num_format(format, pattern);
  return format;
}

lxw_worksheet* Workbook::add_sheet(const std::string& name) {
  lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
  worksheet_set_column(sheet, 0, 0, 28, nullptr);
  worksheet_set_column(sheet, 1, 30, 16, nullptr);
  worksheet_set_landscape(sheet);
  worksheet_fit_to_pages(sheet, 1, 0);
  return sheet;
}

void Workbook::write_heading(lxw_worksheet* sheet, lxw_row_t row, const std::string& text) {
  worksheet_write_string(sheet, row, 0, cut(text).c_str(), heading_);
}

void Workbook::write_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text) {
  worksheet_write_string(sheet, row, column, cut(text).c_str(), nullptr);
}

void Workbook::write_number(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, double value,
                            const std::string& unit) {
  if (!std::isfinite(value)) return;
  bool share = unit == units::fraction || unit == units::initial_assets || unit == units::rate;
  worksheet_write_number(sheet, row, column, value, share ? percent_ : unit == units::currency ? money_ : plain_);
}

lxw_row_t Workbook::write_table(lxw_worksheet* sheet, lxw_row_t row, const ResultTable& table) {
  write_heading(sheet, row++, table.title);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::string unit = table.units[c].empty() || table.units[c] == units::fraction ? "" : " (" + table.units[c] + ")";
    worksheet_write_string(sheet, row, lxw_col_t(c), (table.columns[c].name + unit).c_str(), head_);
  }
  ++row;
  for (std::size_t r = 0; r < table.rows(); ++r, ++row) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const auto& values = table.columns[c].values;
      if (auto* texts = std::get_if<std::vector<std::string>>(&values)) {
        write_text(sheet, row, lxw_col_t(c), (*texts)[r]);
      } else if (auto* whole = std::get_if<std::vector<std::int64_t>>(&values)) {
        worksheet_write_number(sheet, row, lxw_col_t(c), double((*whole)[r]), nullptr);
      } else {
        write_number(sheet, row, lxw_col_t(c), std::get<std::vector<double>>(values)[r], table.units[c]);
      }
    }
  }
  return row + 1;
}

lxw_chart* Workbook::add_chart(lxw_chart_type type, const std::string& title, const std::string& x,
                               const std::string& y) {
  lxw_chart* chart = workbook_add_chart(book_, type);
  chart_title_set_name(chart, title.c_str());
  chart_axis_set_name(chart->x_axis, x.c_str());
  chart_axis_set_name(chart->y_axis, y.c_str());
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  return chart;
}

void Workbook::add_series(lxw_chart* chart, const std::string& name, const CellRange& categories,
                          const CellRange& values) {
  lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
  chart_series_set_categories(series, categories.sheet.c_str(), categories.first_row, categories.first_column,
                              categories.last_row, categories.last_column);
  chart_series_set_values(series, values.sheet.c_str(), values.first_row, values.first_column, values.last_row,
                          values.last_column);
  // A name that begins with '=' would be read as a reference to cells.
  std::string safe = cut(name.substr(0, 255));
  chart_series_set_name(series, (!safe.empty() && safe[0] == '=' ? " " + safe : safe).c_str());
}

void Workbook::place(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, lxw_chart* chart) {
  lxw_chart_options options = {};
  options.x_scale = 1.5;
  options.y_scale = 1.35;
  worksheet_insert_chart_opt(sheet, row, column, chart, &options);
}

void Workbook::close() {
  lxw_error error = workbook_close(book_);
  book_ = nullptr;
  if (error != LXW_NO_ERROR) {
    throw Error(ExitCode::cannot_write, fmt::format("error: cannot write '{}' ({})", path_, lxw_strerror(error)));
  }
}

}  // namespace ballast
