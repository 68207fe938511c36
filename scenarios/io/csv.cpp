#include "scenarios/io/csv.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

constexpr std::size_t kShownProblems = 20;  ///< of one file
constexpr std::size_t kKeptProblems =
    10000;  ///< to sort from; a file of millions of bad cells must not fill the memory
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The text of a raw cell: outer quotes off, doubled quotes single. `buffer` holds it where it differs from the file.
std::string_view unquote(std::string_view cell, std::string& buffer) {
  if (cell.empty() || cell[0] != '"') return trim(cell);
  std::string_view inner = cell.substr(1, cell.size() - 2);
  if (inner.find('"') == std::string_view::npos) return trim(inner);
  buffer.clear();
  for (std::size_t i = 0; i < inner.size(); ++i) {
    buffer += inner[i];
    if (inner[i] == '"') ++i;
  }
  return trim(buffer);
}

/// RFC 4180: a cell is quoted as a whole, and a quote inside it doubled.
bool quotes_are_well_formed(std::string_view cell) {
  if (cell.find('"') == std::string_view::npos) return true;
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return false;
  std::string_view inner = cell.substr(1, cell.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '"') continue;
    if (i + 1 == inner.size() || inner[i + 1] != '"') return false;
    ++i;
  }
  return true;
}

bool same_without_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

const char* plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace

CsvTable::CsvTable(const InputFiles::File& file) : file_(file), content_(file.content) {
  if (content_.starts_with("\xFF\xFE") || content_.starts_with("\xFE\xFF") ||
      content_.substr(0, 4096).find('\0') != std::string_view::npos) {
    fail({0, 0}, "is not a text file in UTF-8 (UTF-16 or a spreadsheet?); save it as CSV in UTF-8");
  }
  if (content_.starts_with(kByteOrderMark)) content_.remove_prefix(kByteOrderMark.size());

  std::size_t position = 0;
  int line = 1;
  if (!next_record(position, line, header_row_)) fail({0, 0}, "the file is empty");
  if (trim(header_row_.text).empty()) fail({1, 1}, "the first line is empty; it must hold the headers");
  read_headers(header_row_);

  std::vector<std::string_view> cells;
  std::vector<int> blank_lines;
  Row row;
  while (next_record(position, line, row)) {
    if (row.text.find_first_not_of(", \t") == std::string_view::npos) {  // spreadsheets leave rows of commas
      blank_lines.push_back(row.line);
      continue;
    }
    for (int blank : blank_lines) add({blank, 1}, "the line is empty; delete it");
    blank_lines.clear();
    split(row.text, cells);
    bool complete = cells.size() == headers_.size();
    if (row_begin_.empty() && headers_.size() == 1 && !complete) {
      fail({header_row_.line, 1},
           fmt::format("the first line has one cell, line {} has {} (a title, or a comment?); begin the file with the "
                       "line of headers",
                       row.line, cells.size()));
    }
    if (!complete) {
      int first_extra = int(std::min(cells.size() - 1, headers_.size()));
      add(position_in(row, first_extra), fmt::format("the row has {} cell{}, the header line {}", cells.size(),
                                                     plural(cells.size()), headers_.size()));
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (quotes_are_well_formed(cells[i])) continue;
      complete = false;
      add(position_in(row, int(i)), "a quote stands inside the cell; quote the whole cell and double the quotes in it");
    }
    row_begin_.push_back(std::size_t(row.text.data() - content_.data()));
    row_end_.push_back(row_begin_.back() + row.text.size());
    row_line_.push_back(row.line);
    row_complete_.push_back(complete);
  }
  if (row_begin_.empty()) fail({0, 0}, "has headers but no rows of data");
}

bool CsvTable::next_record(std::size_t& position, int& line, Row& row) {
  if (position >= content_.size()) return false;
  std::size_t begin = position;
  int first_line = line;
  bool quoted = false;
  std::size_t quote_at = 0;
  std::size_t i = begin;
  for (; i < content_.size(); ++i) {
    char c = content_[i];
    if (c == '"') {
      quoted = !quoted;
      quote_at = i;
    } else if (c == '\n' || c == '\r') {
      bool pair = c == '\r' && i + 1 < content_.size() && content_[i + 1] == '\n';
      if (quoted) {
        if (!pair) ++line;
        continue;
      }
      ++line;
      row = {content_.substr(begin, i - begin), first_line};
      position = i + (pair ? 2 : 1);
      return true;
    }
  }
  row = {content_.substr(begin), first_line};
  position = content_.size();
  if (quoted) {
    // The last quote seen opened a cell: its position is what helps.
    Row until{content_.substr(begin, quote_at - begin), first_line};
    std::vector<std::string_view> cells;
    split(until.text, cells);
    fail(position_in(until, int(cells.size()) - 1), "a quote is opened here and never closed");
  }
  return true;
}

void CsvTable::read_headers(const Row& row) {
  std::vector<std::string_view> cells;
  split(row.text, cells);
  std::string buffer;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!quotes_are_well_formed(cells[i])) {
      fail(position_in(row, int(i)),
           "a quote stands inside the header; quote the whole header and double the quotes in it");
    }
    headers_.emplace_back(unquote(cells[i], buffer));
  }
  // Also with decimal commas: "Date;0,25;0,5".
  if (headers_[0].find_first_of(";\t") != std::string::npos) {
    fail({row.line, 1},
         "the headers are separated by semicolons or tabs; save the file separated by commas, with points for "
         "decimals");
  }
  for (std::size_t i = 0; i < headers_.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (headers_[i].empty() || !same_without_case(headers_[i], headers_[j])) continue;
      header_problem(int(i), fmt::format("the header '{}' occurs twice (first at column {}; case does not count)",
                                         headers_[i], header_position(int(j)).column));
      break;
    }
  }
}

/// Raw cells of a record: quotes are still on. A comma inside quotes does not separate.
void CsvTable::split(std::string_view record, std::vector<std::string_view>& cells) const {
  cells.clear();
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (record[i] == '"') quoted = !quoted;
    if (record[i] == ',' && !quoted) {
      cells.push_back(record.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  cells.push_back(record.substr(begin));
}

void CsvTable::reverse_rows() {
  std::reverse(row_begin_.begin(), row_begin_.end());
  std::reverse(row_end_.begin(), row_end_.end());
  std::reverse(row_line_.begin(), row_line_.end());
  std::reverse(row_complete_.begin(), row_complete_.end());
}

CsvTable::Row CsvTable::row_at(std::size_t row) const {
  return {content_.substr(row_begin_[row], row_end_[row] - row_begin_[row]), row_line_[row]};
}

CsvTable::Position CsvTable::position_in(const Row& row, int column) const {
  std::vector<std::string_view> cells;
  split(row.text, cells);
  std::string_view before =
      row.text.substr(0, std::size_t(cells[std::min(std::size_t(column), cells.size() - 1)].data() - row.text.data()));
  Position at{row.line, 1};
  for (std::size_t i = 0; i < before.size(); ++i) {
    bool line_end = before[i] == '\n' || (before[i] == '\r' && !(i + 1 < before.size() && before[i + 1] == '\n'));
    if (line_end) {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(before[i]) & 0xC0) != 0x80) {  // not a continuation byte of UTF-8
      ++at.column;
    }
  }
  return at;
}

CsvTable::Position CsvTable::position(std::size_t row, int column) const { return position_in(row_at(row), column); }
CsvTable::Position CsvTable::header_position(int column) const { return position_in(header_row_, column); }

int CsvTable::find_column(std::string_view header) const {
  for (std::size_t i = 0; i < headers_.size(); ++i) {
    if (same_without_case(headers_[i], header)) return int(i);
  }
  return -1;
}

int CsvTable::require_column(std::string_view header) {
  int column = find_column(header);
  if (column >= 0) return column;
  std::vector<std::string> named;
  for (const std::string& name : headers_) {
    if (!name.empty()) named.push_back(name);
  }
  std::string suggestion = did_you_mean(header, named);
  if (suggestion.empty()) suggestion = fmt::format("the columns are: {}", fmt::join(named, ", "));
  add({header_row_.line, 1}, fmt::format("has no column '{}'; {}", header, suggestion));
  return -1;
}

std::vector<std::string> CsvTable::texts(int column) const {
  std::vector<std::string> result(rows());
  std::vector<std::string_view> cells;
  std::string buffer;
  for (std::size_t row = 0; row < rows(); ++row) {
    if (!row_complete_[row]) continue;
    split(row_at(row).text, cells);
    result[row] = unquote(cells[std::size_t(column)], buffer);
  }
  return result;
}

Eigen::MatrixXd CsvTable::numbers(std::span<const int> columns, const std::optional<std::vector<double>>& missing) {
  Eigen::MatrixXd values = Eigen::MatrixXd::Constant(Eigen::Index(rows()), Eigen::Index(columns.size()), NAN);
  std::vector<std::string_view> cells;
  std::string buffer;
  for (std::size_t row = 0; row < rows(); ++row) {
    if (!row_complete_[row]) continue;
    split(row_at(row).text, cells);
    for (std::size_t j = 0; j < columns.size(); ++j) {
      std::string_view text = unquote(cells[std::size_t(columns[j])], buffer);
      ParsedNumber number = parse_number(text);
      if (number.problem.empty()) {
        bool declared = missing && std::find(missing->begin(), missing->end(), number.value) != missing->end();
        if (!declared) values(Eigen::Index(row), Eigen::Index(j)) = number.value;
      } else if (!(missing && number.stands_for_missing)) {
        problem(row, columns[j], std::move(number.problem));
      }
    }
  }
  return values;
}

void CsvTable::problem(std::size_t row, int column, std::string message) {
  // Positions cost a scan of the row: not for problems that will not be kept.
  add(problem_count_ < kKeptProblems ? position(row, column) : Position{0, 0}, std::move(message));
}

void CsvTable::header_problem(int column, std::string message) { add(header_position(column), std::move(message)); }
void CsvTable::file_problem(std::string message) { add({0, 0}, std::move(message)); }

void CsvTable::add(Position position, std::string message) {
  if (++problem_count_ > kKeptProblems) return;
  Problem problem;
  problem.file = file_.name;
  problem.line = position.line;
  problem.column = position.column;
  problem.message = std::move(message);
  problems_.push_back(std::move(problem));
}

void CsvTable::fail(Position position, std::string message) {
  problems_.clear();
  problem_count_ = 0;
  add(position, std::move(message));
  throw InputError(problems_);
}

void CsvTable::throw_problems() {
  if (problem_count_ == 0) return;
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::vector<Problem> shown(problems_.begin(),
                             problems_.begin() + std::ptrdiff_t(std::min(problems_.size(), kShownProblems)));
  if (problem_count_ > kShownProblems) {
    std::size_t others = problem_count_ - kShownProblems;
    Problem rest;
    rest.file = file_.name;
    rest.message = fmt::format("... and {} more problem{} in this file", others, plural(others));
    shown.push_back(std::move(rest));
  }
  throw InputError(std::move(shown));
}

}  // namespace ballast
