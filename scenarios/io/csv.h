#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/error.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// A table of comma-separated values (RFC 4180: quoted cells, "" for a quote) with one line of headers. Line ends may
/// be LF, CRLF or CR; a UTF-8 byte order mark and blank lines at the end are skipped. Nothing else is: no comments, no
/// blank lines between rows.
///
/// Problems are collected, with line and column (in characters, from 1), until throw_problems(); what is read of a
/// faulty cell is NaN or empty. Only rows' positions are kept, so that a table takes little more memory than its file.
class CsvTable {
 public:
  /// Splits into rows. Throws InputError at once when there is no table to speak of: an empty file, no rows below the
  /// headers, a quote never closed, a text in UTF-16 or separated by something else than commas.
  /// The file must outlive the table.
  explicit CsvTable(const InputFiles::File& file);

  std::size_t rows() const { return row_begin_.size(); }
  const std::vector<std::string>& headers() const { return headers_; }  ///< without spaces around; "" when unnamed

  /// The column of a header, compared without case (ASCII); -1 when there is none.
  int find_column(std::string_view header) const;
  /// The same, but a missing column is a problem, that names the nearest header, and -1.
  int require_column(std::string_view header);

  /// The last row first, and so on.
  void reverse_rows();

  /// Whether the row could be split into as many cells as there are headers; if not, that is recorded as a problem.
  bool complete(std::size_t row) const { return row_complete_[row]; }

  /// The texts of a column, unquoted, without spaces around; empty in a row of the wrong length.
  std::vector<std::string> texts(int column) const;

  /// The numbers of some columns: rows() x columns.size(). `missing`, when given, declares that values may be missing:
  /// empty cells, NA and the like, and these values are NaN; otherwise an empty cell is a problem. Not a number, nan,
  /// infinite, or out of the range of double: a problem.
  Eigen::MatrixXd numbers(std::span<const int> columns, const std::optional<std::vector<double>>& missing = {});

  struct Position {
    int line;
    int column;
  };
  Position position(std::size_t row, int column) const;
  Position header_position(int column) const;

  /// Records a problem at a cell, at a header (or at the file as a whole), to be thrown later.
  void problem(std::size_t row, int column, std::string message);
  void header_problem(int column, std::string message);
  void file_problem(std::string message);
  bool has_problems() const { return problem_count_ > 0; }

  /// Throws an InputError with the first 20 problems in the order of the file, and the number of others.
  void throw_problems();

 private:
  struct Row {
    std::string_view text;
    int line;
  };
  bool next_record(std::size_t& position, int& line, Row& row);
  void read_headers(const Row& row);
  void split(std::string_view record, std::vector<std::string_view>& cells) const;
  Position position_in(const Row& row, int column) const;
  Row row_at(std::size_t row) const;
  void add(Position position, std::string message);
  [[noreturn]] void fail(Position position, std::string message);

  const InputFiles::File& file_;
  std::string_view content_;  ///< without the byte order mark
  Row header_row_{};
  std::vector<std::string> headers_;
  std::vector<std::size_t> row_begin_, row_end_;
  std::vector<int> row_line_;
  std::vector<bool> row_complete_;  ///< as many cells as headers
  std::vector<Problem> problems_;
  std::size_t problem_count_ = 0;
};

struct ParsedNumber {
  double value;
  std::string problem;              ///< "" when it is a finite number
  bool stands_for_missing = false;  ///< empty, NA, null, nan and the like
};
/// Reads a whole text as a finite decimal number ("." as decimal point, exponent allowed). Independent of the locale.
ParsedNumber parse_number(std::string_view text);

}  // namespace ballast
