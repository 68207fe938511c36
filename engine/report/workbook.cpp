#include "engine/report/workbook.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/report/html.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr double kLineHeight = 15.0;
constexpr int kFirstWidth = 28, kWidth = 16;  // of columns, in characters

constexpr std::size_t kLongestText = 32767;  // Excel's limit, in characters

/// Shown as a percentage.
bool is_share(const std::string& unit) {
  return unit == units::fraction || unit == units::initial_assets || unit == units::rate;
}

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
  for (lxw_format** head : {&head_, &number_head_}) {
    *head = workbook_add_format(book_);
    format_set_bold(*head);
    format_set_text_wrap(*head);
    format_set_align(*head, LXW_ALIGN_VERTICAL_BOTTOM);
    format_set_bottom(*head, LXW_BORDER_THIN);
  }
  format_set_align(number_head_, LXW_ALIGN_RIGHT);
  percent_ = number_format("0.00%");
  money_ = number_format("#,##0.00");
  plain_ = number_format("0.0000");
  years_ = number_format("0.00");
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
  worksheet_set_column(sheet, 0, 0, kFirstWidth, nullptr);
  worksheet_set_column(sheet, 1, 30, kWidth, nullptr);
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
  lxw_format* format = is_share(unit)                                         ? percent_
                       : unit == units::currency                              ? money_
                       : unit == units::years || unit == units::years_squared ? years_
                                                                              : plain_;
  worksheet_write_number(sheet, row, column, value, format);
}

void Workbook::write_key(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, double value) {
  worksheet_write_number(sheet, row, column, value, nullptr);
}

void Workbook::write_head(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text,
                          bool over_numbers) {
  worksheet_write_string(sheet, row, column, cut(text).c_str(), over_numbers ? number_head_ : head_);
}

void Workbook::keep_heads(lxw_worksheet* sheet) {
  worksheet_freeze_panes(sheet, 2, 1);
  worksheet_repeat_rows(sheet, 0, 1);
}

lxw_row_t Workbook::write_table(lxw_worksheet* sheet, lxw_row_t row, const ResultTable& table) {
  write_heading(sheet, row++, table.title);
  std::size_t lines = 1;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::string unit = table.units[c].empty() || table.units[c] == units::fraction ? "" : " (" + table.units[c] + ")";
    const std::string head = html::words(table.columns[c].name) + unit;
    const bool texts = std::holds_alternative<std::vector<std::string>>(table.columns[c].values);
    write_head(sheet, row, lxw_col_t(c), head, !texts);
    // Words do not fill their lines: four letters less.
    lines = std::max(lines, 1 + (head.size() - 1) / std::size_t((c == 0 ? kFirstWidth : kWidth) - 4));
  }
  // Not every program fits rows to wrapped texts.
  worksheet_set_row(sheet, row, kLineHeight * double(lines), nullptr);
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

lxw_chart* Workbook::add_chart(lxw_chart_type type, const std::string& title, const Axis& x, const Axis& y) {
  lxw_chart* chart = workbook_add_chart(book_, type);
  chart_title_set_name(chart, title.c_str());
  for (auto [axis, of] : {std::pair{chart->x_axis, &x}, {chart->y_axis, &y}}) {
    if (!of->name.empty()) chart_axis_set_name(axis, of->name.c_str());
    if (is_share(of->unit)) chart_axis_set_num_format(axis, "0%");
    if (of->unit == units::currency) chart_axis_set_num_format(axis, "#,##0");
  }
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  // Beside the plot, not in its middle, where values below 0 are.
  chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
  chart_axis_set_label_position(chart->y_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
  if (type == LXW_CHART_BAR) {
    // The first at the top; which moves the values' axis there, and its "high" end to the bottom.
    chart_axis_set_reverse(chart->y_axis);
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_HIGH);
  }
  return chart;
}

void Workbook::add_series(lxw_chart* chart, const std::string& name, const CellRange& categories,
                          const CellRange& values, lxw_color_t colour) {
  lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
  chart_series_set_categories(series, categories.sheet.c_str(), categories.first_row, categories.first_column,
                              categories.last_row, categories.last_column);
  chart_series_set_values(series, values.sheet.c_str(), values.first_row, values.first_column, values.last_row,
                          values.last_column);
  if (colour != 0) {
    lxw_chart_line line = {};
    line.color = colour;
    line.width = 1.75F;
    chart_series_set_line(series, &line);
  }
  // A name that begins with '=' would be read as a reference to cells.
  std::string safe = cut(name.substr(0, 255));
  chart_series_set_name(series, (!safe.empty() && safe[0] == '=' ? " " + safe : safe).c_str());
}

void Workbook::place(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, lxw_chart* chart, lxw_row_t rows) {
  constexpr double kRows = 14.4;  // of a chart as it comes
  lxw_chart_options options = {};
  options.x_scale = 1.5;
  options.y_scale = double(rows) / kRows;
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
