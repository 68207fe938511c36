#include "scenarios/io/csv.h"

#include <cmath>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scenarios/io/date_column.h"

using namespace ballast;

namespace {

InputFiles::File csv(std::string content) { return {"f.csv", "", std::move(content), ""}; }

/// The error text of reading dates and the column "x", as a history is read; "" when all is well.
std::string error_of(const std::string& content, std::optional<std::vector<double>> missing = {}) {
  InputFiles::File file = csv(content);
  try {
    CsvTable table(file);
    int x = table.require_column("x");
    if (x >= 0) table.numbers(std::vector<int>{x}, missing);
    read_dates(table);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("bad files are reported with file, line and column") {
  struct Case {
    const char* content;
    const char* error;
  };
  const Case cases[] = {
      {"", "f.csv: error: the file is empty"},
      {"\xEF\xBB\xBF", "f.csv: error: the file is empty"},
      {"\nDate,x\n", "f.csv:1:1: error: the first line is empty; it must hold the headers"},
      {"Date,x\n", "f.csv: error: has headers but no rows of data"},
      {"Date,x\n\n\n", "f.csv: error: has headers but no rows of data"},
      {"Date;x\n2020-01-01;1\n",
       "f.csv:1:1: error: the headers are separated by semicolons or tabs; save the file separated by commas, with "
       "points for decimals"},
      {"Date;0,25;0,5\n2020-01-01;1,5;2,5\n",
       "f.csv:1:1: error: the headers are separated by semicolons or tabs; save the file separated by commas, with "
       "points for decimals"},
      {"Date,x\n2020-01-01,1\n,\n2020-01-02,2\n", "f.csv:3:1: error: the line is empty; delete it"},
      {"Date,x\n2020-01-01,1\n,\n , \n", ""},
      {"\xFF\xFE"
       "D",
       "f.csv: error: is not a text file in UTF-8 (UTF-16 or a spreadsheet?); save it as CSV in UTF-8"},
      {"Date,x,X\n2020-01-01,1,2\n",
       "f.csv:1:8: error: the header 'X' occurs twice (first at column 6; case does not count)"},
      {"Date,x\n2020-01-01,1\n2020-01-02\n", "f.csv:3:1: error: the row has 1 cell, the header line 2"},
      {"Date,x\n2020-01-01,1\n2020-01-02,1,5\n", "f.csv:3:14: error: the row has 3 cells, the header line 2"},
      {"Date,x\n2020-01-01,1\n\n2020-01-02,2\n", "f.csv:3:1: error: the line is empty; delete it"},
      {"Date,x\n2020-01-01,\"1\n2020-01-02,2\n", "f.csv:2:12: error: a quote is opened here and never closed"},
      {"Date,x\n2020-01-01,\n",
       "f.csv:2:12: error: the cell is empty (a missing value?); fill it, delete the row, or declare `missing: []`"},
      {"Date,x\n2020-01-01,\"1,5\"\n",
       "f.csv:2:12: error: '1,5' is not a number; write a point for decimals and nothing between thousands"},
      {"Date,x\n2020-01-01,N/A\n",
       "f.csv:2:12: error: 'N/A' is not a number (a missing value?); fill it, delete the row, or declare `missing: "
       "[]`"},
      {"Date,x\n2020-01-01,nan\n",
       "f.csv:2:12: error: 'nan' is not a number (a missing value?); fill it, delete the row, or declare `missing: "
       "[]`"},
      {"Date,x\n2020-01-01,5%\n",
       "f.csv:2:12: error: '5%' is not a number; leave out the percent sign and declare `unit: percent`"},
      {"Date,x\n2020-01-01,1e999\n", "f.csv:2:12: error: '1e999' is outside the range of numbers"},
      {"Date,x\n2020-01-01,-inf\n", "f.csv:2:12: error: '-inf' is infinite; only finite numbers are read"},
      {"Date,x\n2020-01-01,#DIV/0!\n",
       "f.csv:2:12: error: '#DIV/0!' is not a number (a spreadsheet's error); correct it there, or declare `missing: "
       "[]`"},
      {"Date,x\n2020-01-01,(500.5)\n",
       "f.csv:2:12: error: '(500.5)' is not a number; write it without brackets, with a minus where it is negative"},
      {"Date,x\n2020-01-01,1'234\n",
       "f.csv:2:12: error: '1'234' is not a number; leave out currencies and what stands between thousands"},
      {"Date,x\n2020-01-01,\xE2\x82\xAC 5\n",
       "f.csv:2:12: error: '\xE2\x82\xAC 5' is not a number; leave out currencies and what stands between thousands"},
      {"my returns\nDate,x\n2020-01-01,1\n",
       "f.csv:1:1: error: the first line has one cell, line 2 has 2 (a title, or a comment?); begin the file with the "
       "line of headers"},
      {"Date,x\n2020-01-01,1.0x\n", "f.csv:2:12: error: '1.0x' is not a number"},
      {"Date,x\n2020-01-01,0x10\n", "f.csv:2:12: error: '0x10' is not a number"},
      {"Date,x\n2020-01-01,+-1\n", "f.csv:2:12: error: '+-1' is not a number"},
      {"Date,xx\n2020-01-01,1\n", "f.csv:1:1: error: has no column 'x'; did you mean 'xx'?"},
      {"Date,gold\n2020-01-01,1\n", "f.csv:1:1: error: has no column 'x'; the columns are: Date, gold"},
      {"day,x\n1,1\n", "f.csv:1:1: error: has no column of dates; head it 'Date' and write dates as 2025-12-31"},
      {"Date,x\n2020-02-30,1\n",
       "f.csv:2:1: error: '2020-02-30' is not a date; write it as 2025-12-31 (or 2025-12 for a month)"},
      {"Date,x\n,1\n", "f.csv:2:1: error: the date is empty"},
      {"Date,x\n2020-01-01,1\n31/01/20,1\n",
       "f.csv:3:1: error: '31/01/20' has a year of two digits (which do not tell the century); write it with four, as "
       "2025-12-31 or 31/12/2025 (in a spreadsheet: format the column as YYYY-MM-DD)"},
      {"Date,x\n2020-01-01,1\n45291,1\n",
       "f.csv:3:1: error: '45291' is not a date (it looks like a spreadsheet's count of days); format the column as "
       "YYYY-MM-DD"},
      // One problem for a whole column.
      {"Date,x\nJan 20,1\nFeb 20,1\nMar 20,?\n",
       "f.csv:2:1: error: 'Jan 20' is not a date; write it as 2025-12-31 (or 2025-12 for a month); none of the 3 dates "
       "can be read\nf.csv:4:8: error: '?' is not a number"},
      {"x,Date\n1,2020-01-02\n2,2020-01-01\n3,2020-01-03\n",
       "f.csv:3:3: error: the date 2020-01-01 comes after 2020-01-02 (line 2); sort the rows by date"},
      {"Date,x\n2020-01-02,1\n20200102,2\n", "f.csv:3:1: error: the date 2020-01-02 occurs twice (first on line 2)"},
      {"year,month,x\n2020,13,1\n", "f.csv:2:1: error: year '2020' and month '13' are no date"},
      {"Date,x\n2020-01-01,1\"2\"\n",
       "f.csv:2:12: error: a quote stands inside the cell; quote the whole cell and double the quotes in it"},
      {"Date,x\n2020-01-01,\"\"1\"\"\n",
       "f.csv:2:12: error: a quote stands inside the cell; quote the whole cell and double the quotes in it"},
      // Columns count characters, not bytes; several problems come in the order of the file.
      {"Na\xC3\xAFve \xE2\x82\xAC,Date,x\n\xC3\xA9\xC3\xA9,2020-01-01,a\nb,2020-01-01,\n",
       "f.csv:2:15: error: 'a' is not a number\n"
       "f.csv:3:3: error: the date 2020-01-01 occurs twice (first on line 2)\n"
       "f.csv:3:14: error: the cell is empty (a missing value?); fill it, delete the row, or declare `missing: []`"},
      // A quoted line end does not start a row, but counts as a line.
      {"note,Date,x\n\"a\nb\",2020-01-01,?\nc,2020-01-02,!\n",
       "f.csv:3:15: error: '?' is not a number\nf.csv:4:14: error: '!' is not a number"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.content);
    CHECK(error_of(c.content) == c.error);
  }
}

TEST_CASE("good files of every kind are read") {
  for (const char* content : {
           "Date,x\n2020-01-01,1.5\n2020-01-02,-2e-3\n",
           "Date,x\n2020-01-01,1.5\n2020-01-02,-2e-3",          // no line end at the end
           "Date,x\r\n2020-01-01,1.5\r\n2020-01-02,-2e-3\r\n",  // CRLF
           "Date,x\r2020-01-01,1.5\r2020-01-02,-2e-3\r",        // CR
           "\xEF\xBB\xBF"
           "DATE,X\n20200101,1.5\n20200102,-2e-3\n\n \n",  // byte order mark, case, blank end
           ",x\n2020-01-01,1.5\n2020-01-02,-2e-3\n",       // an index without name
           "day,x\n2020-01-01,1.5\n2020-01-02,-2e-3\n",    // the first column holds dates
           "note,x,date\n\"a, \"\"b\"\"\n\",\"+1.5\", 2020-01-01 \nN/A, -0.002 ,2020-01-02\n",  // quotes, spaces
       }) {
    CAPTURE(content);
    InputFiles::File file = csv(content);
    CsvTable table(file);
    Eigen::MatrixXd x = table.numbers(std::vector<int>{table.require_column("x")});
    DateColumn dates = read_dates(table);
    REQUIRE(table.rows() == 2);
    CHECK(x(0, 0) == 1.5);
    CHECK(x(1, 0) == -2e-3);
    CHECK(to_string(dates.dates[0]) == "2020-01-01");
    CHECK(to_string(dates.dates[1]) == "2020-01-02");
  }
}

TEST_CASE("quoted texts lose their quotes and keep their commas") {
  InputFiles::File file = csv("name,x\n\"a, \"\"b\"\"\",1\n");
  CHECK(CsvTable(file).texts(0)[0] == "a, \"b\"");
}

TEST_CASE("declared missing values and empty cells are NaN") {
  InputFiles::File file = csv("Date,x\n2020-01-01,\n2020-01-02,0.0\n2020-01-03,3\n");
  CsvTable table(file);
  Eigen::MatrixXd x = table.numbers(std::vector<int>{1}, std::vector<double>{0.0});
  CHECK_FALSE(table.has_problems());
  CHECK(std::isnan(x(0, 0)));
  CHECK(std::isnan(x(1, 0)));
  CHECK(x(2, 0) == 3);
  CHECK(error_of("Date,x\n2020-01-01,NA\n", std::vector<double>{}) == "");
  CHECK(error_of("Date,x\n2020-01-01,nil\n", std::vector<double>{0.0}) == "f.csv:2:12: error: 'nil' is not a number");
}

TEST_CASE("a year and a month are a date") {
  InputFiles::File file = csv("year,month,x\n2020,2,1\n2020,03,1\n");
  CsvTable table(file);
  DateColumn dates = read_dates(table);
  CHECK(dates.column == 0);
  CHECK(dates.month_column == 1);
  CHECK(to_string(dates.dates[0]) == "2020-02-29");
  CHECK(to_string(dates.dates[1]) == "2020-03-31");
}

TEST_CASE("at most twenty problems of a file are shown, the first ones") {
  std::string content = "Date,x\n";
  Date day = *parse_date("2020-01-01");
  for (int i = 0; i < 12000; ++i) content += fmt::format("{},bad\n", to_string(Date{day.days + i}));
  std::string error = error_of(content);
  CHECK(error.starts_with("f.csv:2:12: error: 'bad' is not a number\nf.csv:3:12: error:"));
  CHECK(
      error.ends_with("f.csv:21:12: error: 'bad' is not a number\n"
                      "f.csv: error: ... and 11980 more problems in this file"));
}

TEST_CASE("numbers are read to the last bit") {
  for (const char* text : {"0.1", "-7.25e-12", "1.7976931348623157e308", "5e-324", "+3", ".5", "2."}) {
    CAPTURE(text);
    CHECK(parse_number(text).problem == "");
    CHECK(parse_number(text).value == std::strtod(text, nullptr));
  }
}
