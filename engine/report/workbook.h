#pragma once

#include <memory>
#include <string>

#include <xlsxwriter.h>

#include "engine/output/result_table.h"

namespace ballast {

/// A range of cells of one sheet, rows and columns from 0, both ends included.
struct CellRange {
  std::string sheet;
  lxw_row_t first_row = 0, last_row = 0;
  lxw_col_t first_column = 0, last_column = 0;
};

/// What stands at a chart's axis, and the unit that its numbers are written in.
struct Axis {
  std::string name, unit = {};
};

/// A workbook in the making (libxlsxwriter): tables on formatted sheets, and charts over their columns.
class Workbook {
 public:
  /// Throws Error (73).
  explicit Workbook(const std::string& path);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  lxw_worksheet* add_sheet(const std::string& name);
  /// Writes a heading, the column heads with their units, and the rows from `row` on. Returns the first row below.
  lxw_row_t write_table(lxw_worksheet* sheet, lxw_row_t row, const ResultTable& table);
  void write_heading(lxw_worksheet* sheet, lxw_row_t row, const std::string& text);
  /// Always a cell of text: "=1+1" stays what it is. Texts beyond Excel's 32,767 characters are cut.
  void write_text(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text);
  void write_head(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const std::string& text, bool over_numbers);
  /// A number that names its row, such as a time: with the digits that it has.
  void write_key(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, double value);
  /// Heading, column heads and first column stay in sight as one scrolls, and head each printed page. For a sheet that
  /// begins with its only table.
  void keep_heads(lxw_worksheet* sheet);
  /// By the unit: percentages, thousands, years. NaN leaves the cell empty.
  void write_number(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, double value, const std::string& unit);

  /// x is horizontal and y vertical, of bars too, whose names stand at y, the first at the top.
  lxw_chart* add_chart(lxw_chart_type type, const std::string& title, const Axis& x, const Axis& y);
  /// colour: of a line, 0xRRGGBB; 0 leaves it to the program.
  void add_series(lxw_chart* chart, const std::string& name, const CellRange& categories, const CellRange& values,
                  lxw_color_t colour = 0);
  /// rows: how many it covers.
  void place(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, lxw_chart* chart, lxw_row_t rows = 20);

  /// Writes the file. Throws Error (74).
  void close();

 private:
  lxw_format* number_format(const char* pattern);

  std::string path_;
  lxw_workbook* book_ = nullptr;
  lxw_format *heading_, *head_, *number_head_, *percent_, *money_, *years_, *plain_;
};

}  // namespace ballast
