#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/io/hdf5.h"

namespace ballast {

/// One tidy table of results: one observation a row. What /tables of results.h5, `ballast export` and the tables of
/// the page show is this. Columns and their meaning: FORMAT.md.
struct ResultTable {
  std::string name, title;
  std::vector<hdf5::TableColumn> columns;
  std::vector<std::string> units;  ///< one a column; "": none

  std::size_t rows() const;
  bool has(std::string_view column) const;
  /// A column by its name; std::out_of_range when there is none, std::bad_variant_access when it is of another kind.
  const std::vector<double>& numbers(std::string_view column) const;
  const std::vector<std::int64_t>& integers(std::string_view column) const;
  const std::vector<std::string>& texts(std::string_view column) const;
  const std::string& unit(std::string_view column) const;
};

/// Writes them into group /tables, and reads them from there.
void write_tables(hdf5::File& file, const std::vector<ResultTable>& tables);
std::vector<ResultTable> read_tables(const hdf5::File& file);

/// The table of that name, or null.
const ResultTable* find_table(const std::vector<ResultTable>& tables, std::string_view name);

}  // namespace ballast
