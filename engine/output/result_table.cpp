#include "engine/output/result_table.h"

#include <algorithm>
#include <stdexcept>

namespace ballast {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t k = 0; k < lines.size(); ++k) text += (k ? "\n" : "") + lines[k];
  return text;
}

std::vector<std::string> split(const std::string& text, std::size_t count) {
  std::vector<std::string> lines(count);
  std::size_t at = 0;
  for (std::size_t k = 0; k < count && at <= text.size(); ++k) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    lines[k] = text.substr(at, end - at);
    at = end + 1;
  }
  return lines;
}

const hdf5::TableColumn* find_column(const ResultTable& table, std::string_view name) {
  for (const hdf5::TableColumn& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const hdf5::TableColumn& column_of(const ResultTable& table, std::string_view name) {
  if (const hdf5::TableColumn* column = find_column(table, name)) return *column;
  throw std::out_of_range("table " + table.name + " has no column " + std::string(name));
}

}  // namespace

std::size_t ResultTable::rows() const {
  return columns.empty() ? 0 : std::visit([](const auto& values) { return values.size(); }, columns[0].values);
}

bool ResultTable::has(std::string_view column) const { return find_column(*this, column) != nullptr; }

const std::vector<double>& ResultTable::numbers(std::string_view column) const {
  return std::get<std::vector<double>>(column_of(*this, column).values);
}

const std::vector<std::int64_t>& ResultTable::integers(std::string_view column) const {
  return std::get<std::vector<std::int64_t>>(column_of(*this, column).values);
}

const std::vector<std::string>& ResultTable::texts(std::string_view column) const {
  return std::get<std::vector<std::string>>(column_of(*this, column).values);
}

const std::string& ResultTable::unit(std::string_view column) const {
  return units.at(std::size_t(&column_of(*this, column) - columns.data()));
}

void write_tables(hdf5::File& file, const std::vector<ResultTable>& tables) {
  if (tables.empty()) return;
  hdf5::Group group = file.create_group("tables");
  for (const ResultTable& table : tables) {
    hdf5::Dataset dataset = group.create_table(table.name, table.columns);
    dataset.set_attribute("long_name", table.title);
    dataset.set_attribute("column_units", joined(table.units));
  }
}

std::vector<ResultTable> read_tables(const hdf5::File& file) {
  std::vector<ResultTable> tables;
  if (!file.contains("tables")) return tables;
  hdf5::Group group = file.open_group("tables");
  for (const std::string& name : group.members()) {
    hdf5::Dataset dataset = group.open_dataset(name);
    ResultTable table{name, dataset.text_attribute("long_name"), dataset.read_table(), {}};
    table.units = split(dataset.text_attribute("column_units"), table.columns.size());
    tables.push_back(std::move(table));
  }
  return tables;
}

const ResultTable* find_table(const std::vector<ResultTable>& tables, std::string_view name) {
  for (const ResultTable& table : tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

}  // namespace ballast
